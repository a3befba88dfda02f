package published

// Company lists the fields of the company information, which describes the account.
var Company = []Field{
	text("CompanyName").known(),
	object("Industry", text("IndustryId"), text("IndustryName")),
	uri("Website"),
	text("PrimaryPhoneNumber"),
	text("PrimaryPhoneNumberCountry"),
	text("SecondaryPhoneNumber"),
	text("SecondaryPhoneNumberCountry"),
	text("MinimumContactRating"),
	text("Timezone").known(),
	text("Currency").known(),
	text("RegisteredForIndirectTax"),
	text("IndirectTaxNumber"),
	oneOf("OrganizationType", "NONP_GOV", "CORP", "SOLE_IND", "LLC_LLP_LLS", "TRUST", "SOLE_TRD", "PARTNERS",
		"LLC", "LLP", "COMPANY", "GOVERNMENT", "OTHER"),
	text("EinSsnForeignTaxId"),
	address("CorporateAddress"),
	address("BillingAddress"),
	contact("FinancialContact"),
	contact("TechnicalContact"),
	contact("CommercialContact"),
	contact("SecurityContact"),
	uri("Uri").known(),
}

func address(name string) Field {
	return object(name, text("AddressLine1"), text("AddressLine2"), text("City"), text("State"), text("PostalCode"), text("Country"))
}

func contact(name string) Field {
	return object(name, text("UserId"), text("Name"), text("Email"), text("WorkPhoneNumber"), text("WorkPhoneNumberCountry"),
		text("CellPhoneNumber"), text("CellPhoneNumberCountry"))
}
