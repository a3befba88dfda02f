package client

import "time"

// ActionFilter selects actions. A field that is zero selects all. Pairs of dates are inclusive
// and need both dates, at most 45 days apart; without any, OrderID and SKU, the server returns
// the actions of the last 7 days.
type ActionFilter struct {
	CampaignID                       int
	State                            string // PENDING, APPROVED or REVERSED
	OrderID                          string `wire:"Oid"`
	ActionTrackerID                  int
	MediaPartnerID                   int
	SKU                              string
	StartDate, EndDate               time.Time // of the last update
	ActionDateStart, ActionDateEnd   time.Time
	LockingDateStart, LockingDateEnd time.Time
	PageSize                         int
}

// UpdateFilter selects updates. Its fields are like those of [ActionFilter].
type UpdateFilter struct {
	CampaignID                       int
	ActionID                         string
	State                            string
	OrderID                          string `wire:"Oid"`
	ActionTrackerID                  int
	MediaPartnerID                   int
	SKU                              string
	StartDate, EndDate               time.Time // of the update
	ActionDateStart, ActionDateEnd   time.Time
	LockingDateStart, LockingDateEnd time.Time
	PageSize                         int
}

// AdjustmentFilter selects adjustments.
type AdjustmentFilter struct {
	CampaignID         int
	MediaPartnerID     int
	ActionID           string
	InvoiceID          string
	StartDate, EndDate time.Time // of the effective date
	PageSize           int
}

// SubmissionFilter selects submissions.
type SubmissionFilter struct {
	Status             string // StatusQueued, StatusInProgress or StatusComplete
	Type               string // Conversion, Modification or Reversal
	OrderID            string
	ActionID           string
	StartDate, EndDate time.Time
	HasError           *bool
	PageSize           int
}

// InquiryFilter selects inquiries.
type InquiryFilter struct {
	CampaignID                               int
	MediaPartnerID                           int
	OrderID                                  string
	ResolutionStatus                         string    // UNRESOLVED, VALID, DECLINED or INCOMPLETE
	StartDate, EndDate                       time.Time // of the creation
	TransactionDateStart, TransactionDateEnd time.Time
	PageSize                                 int
}

// FileFilter selects batch files.
type FileFilter struct {
	SubmissionDateStart, SubmissionDateEnd time.Time
	CompletedDateStart, CompletedDateEnd   time.Time
	PageSize                               int
}

// InvoiceFilter selects invoices.
type InvoiceFilter struct {
	MediaPartnerID     int
	Status             string    // PENDING, PAID or OVERDUE
	StartDate, EndDate time.Time // of the CreatedDate
	PageSize           int
}

// EntryFilter selects entries.
type EntryFilter struct {
	CampaignID         int
	MediaPartnerID     int
	InvoiceID          string
	StartDate, EndDate time.Time // of the Date
}

// CampaignFilter selects campaigns.
type CampaignFilter struct {
	Name     string
	State    string
	PageSize int
}

// PartnerFilter selects partners.
type PartnerFilter struct {
	IDs                []int `wire:"Id"`
	CampaignID         int
	Country            string
	GroupID            int
	State              string
	RelationshipState  string    // the status of a contract
	StartDate, EndDate time.Time // of DateCreated
	PageSize           int
}

// ContractFilter selects contracts of a campaign.
type ContractFilter struct {
	Status                                      string // ACTIVE by default, EXPIRED or UPCOMING
	PartnerID                                   int
	Signatory                                   string
	TemplateID                                  int
	StartDate, EndDate                          time.Time // of a time in which they were in force
	StartDateAfter, StartDateBefore             time.Time
	EndDateAfter, EndDateBefore                 time.Time
	DateLastUpdatedAfter, DateLastUpdatedBefore time.Time
	PageSize                                    int
}

// PromoCodeFilter selects promo codes.
type PromoCodeFilter struct {
	CampaignID         int
	Code               string
	State              string    // ACTIVE or INACTIVE
	StartDate, EndDate time.Time // of a time in which they were in force
	PageSize           int
}
