package client

import (
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// Action is an order that is credited to a partner, with the commission for it.
type Action struct {
	ID                string
	CampaignID        int
	CampaignName      string
	ActionTrackerID   int
	ActionTrackerName string
	EventCode         string
	MediaPartnerID    int
	MediaPartnerName  string
	State             string // PENDING, APPROVED or REVERSED
	StateDetail       string // OPEN, PAYMENT_PENDING, PAID, OVERDUE or empty
	AdID              int
	ClientCost        money.Amount // Payout and the fee
	Payout            money.Amount
	DeltaPayout       money.Amount
	IntendedPayout    money.Amount
	Amount            money.Amount
	DeltaAmount       money.Amount
	IntendedAmount    money.Amount
	Currency          money.Currency
	ReferringDate     time.Time
	EventDate         time.Time
	CreationDate      time.Time
	LockingDate       time.Time
	ClearedDate       time.Time
	ReferringType     string
	ReferringDomain   string
	PromoCode         string
	OrderID           string `wire:"Oid"`
	CustomerID        string
	CustomerStatus    string
	CustomerPostCode  string
	CustomerArea      string
	CustomerCity      string
	CustomerRegion    string
	CustomerCountry   string
	IPAddress         string `wire:"IpAddress"`
	SharedID          string
	CallerID          string
	Note              string
	URI               string
	OriginalAmount    money.Amount `currency:"OriginalCurrency"`
	OriginalCurrency  money.Currency
	ExchangeRate      money.Rate
}

// Item is a line of the order of an action.
type Item struct {
	SKU                string
	Name               string `wire:"ItemName"`
	Category           string
	Quantity           int
	SaleAmount         money.Amount `currency:"SaleAmountCurrency"` // the revenue of the line
	SaleAmountCurrency money.Currency
	Payout             money.Amount `currency:"PayoutCurrency"`
	PayoutCurrency     money.Currency
	Rebate             money.Amount `currency:"RebateCurrency"`
	RebateCurrency     money.Currency
	AdjustmentDate     time.Time
	AdjustmentReason   string
	OriginalAmount     money.Amount `currency:"OriginalCurrency"`
	OriginalCurrency   money.Currency
	ExchangeRate       money.Rate
	URI                string
}

// Update is a change of an item of an action. It never changes.
type Update struct {
	ID                            string
	ActionID                      string
	CampaignID                    int
	ActionTrackerID               int
	EventTypeID                   string
	EventTypeName                 string
	EventCode                     string
	MediaPartnerID                int
	State                         string
	StateDetail                   string
	StateDetailDescription        string
	AdID                          int
	Disposition                   string
	DeltaPayout                   money.Amount
	DeltaAmount                   money.Amount
	Currency                      money.Currency
	Category                      string
	SKU                           string
	Quantity                      int // after the update
	CatalogName                   string
	CatalogCategory               string
	CatalogDescription            string
	CatalogManufacturer           string
	CatalogOriginalFormatCategory string
	CatalogSubCategory            string
	PayoutLevel                   string
	DefaultPayoutRate             string
	ContractID                    string
	UpdateDate                    time.Time
	LockingDate                   time.Time
	ClearingDate                  time.Time
	ActionDate                    time.Time
	OrderID                       string `wire:"Oid"`
	CustomerID                    string
	CustomerStatus                string
	SharedID                      string
	ActionURI                     string
	URI                           string
}

// Adjustment is a return after the action was locked.
type Adjustment struct {
	ID             string
	ActionID       string
	CampaignID     int
	MediaPartnerID int
	SKU            string
	Quantity       int // after the adjustment
	DeltaQuantity  int
	DeltaAmount    money.Amount
	DeltaPayout    money.Amount
	Currency       money.Currency
	Reason         string
	EffectiveDate  time.Time
	InvoiceID      string // empty until the invoice is issued
	SubmissionURI  string
	ActionURI      string
	URI            string
}

// Statuses of a [Submission] or a [File].
const (
	StatusQueued     = "Queued"
	StatusInProgress = "In Progress"
	StatusComplete   = "Complete"
)

// Submission is the record of a write.
type Submission struct {
	ID              string `wire:"BatchId"`
	AccountID       int
	SubmissionDate  time.Time
	CampaignID      int
	ActionTrackerID int
	MediaPartnerID  int
	EventCode       string
	OrderID         string
	Payload         string
	Type            string // Conversion, Modification or Reversal
	Status          string // StatusQueued, StatusInProgress or StatusComplete
	CompletionDate  time.Time
	ErrorType       string // empty if the submission was applied
	ErrorReason     string // the codes, separated by spaces
	ErrorMessage    string
	ActionID        string
	ActionURI       string
	URI             string
}

// Inquiry is a partner's claim for an order that was not tracked or tracked wrongly.
type Inquiry struct {
	ID                     int
	CampaignID             int
	CampaignName           string
	MediaPartnerID         int
	MediaPartnerName       string
	OrderID                string
	TransactionDate        time.Time
	TransactionAmount      money.Decimal
	InquiryType            string // UNTRACKED, INCORRECT or DECLINED
	ExpectedPayout         money.Decimal
	ResolutionDeadlineDate time.Time
	Comments               []InquiryComment
	TrackingLink           string
	ActionID               string
	ActionURI              string
	AutoApprovalDate       time.Time
	ResolutionStatus       string // UNRESOLVED, VALID, DECLINED or INCOMPLETE
	RejectReason           string
	FinalPayout            money.Decimal
	ResolutionDate         time.Time
	CreationDate           time.Time
	URI                    string
}

// InquiryComment is a comment on an [Inquiry].
type InquiryComment struct {
	User    string
	Comment string
	Date    time.Time
}

// File is a batch file.
type File struct {
	ID             string `wire:"BatchId"`
	AccountID      int
	SubmissionDate time.Time
	FileName       string
	Type           string
	Status         string
	TotalRecords   int
	TotalErrors    int
	CompletionDate time.Time
	AppliedRecords int // those that took effect or failed so far
	ErrorsURI      string
	URI            string
}

// FileError is a row of a [File] that failed.
type FileError struct {
	Line            int
	CampaignID      int
	ActionTrackerID int
	MediaPartnerID  int
	EventCode       string
	OrderID         string
	Category        string
	SKU             string
	Status          string // Validation or Contract Error
	Reason          string // the codes, separated by spaces
	ErrorMessage    string
	URI             string
}

// Invoice is the amount that the account owes a partner for a month.
type Invoice struct {
	ID                string
	CreatedDate       time.Time
	MediaID           int
	MediaName         string
	Currency          money.Currency
	TotalAmount       money.Amount // with VAT
	TotalVATAmount    money.Amount `wire:"TotalVatAmount"`
	LineItems         []InvoiceLine
	DetailedLineItems []InvoiceDetail
	PDF               string // the path of the PDF; see [Client.InvoicePDF]
	URI               string
	ConvertedCurrency money.Currency
	ConversionRate    money.Rate
	ConvertedTotal    money.Amount `currency:"ConvertedCurrency"`
}

// InvoiceLine is a line of an [Invoice].
type InvoiceLine struct {
	CampaignID      int
	CampaignName    string
	Description     string // MEDIA_PAYOUT or BONUS
	EventMonthYear  string // the month, without a leading zero, and the year: 102026
	Actions         int
	NetItemAmount   money.Amount
	VATItemAmount   money.Amount `wire:"VatItemAmount"`
	TotalItemAmount money.Amount
	Status          string // PENDING, PAID or OVERDUE
	DueDate         time.Time
	PaidDate        time.Time
}

// InvoiceDetail is a part of an [Invoice] without VAT, by account and month.
type InvoiceDetail struct {
	AccountID      int
	Name           string
	ProgramID      int
	ProgramName    string
	EventMonthYear string
	ActionAmount   money.Amount
	OtherAmount    money.Amount // adjustments, bonuses and write-offs
	TotalAmount    money.Amount
}

// Balance is what the account owes a partner.
type Balance struct {
	MediaPartnerID int
	Currency       money.Currency
	Pending        money.Amount // payouts of actions that are not locked
	Locked         money.Amount // locked and not cleared
	Cleared        money.Amount // cleared in the period that is open
	Carried        money.Amount // of closed periods, on no invoice
	Invoiced       money.Amount
	Paid           money.Amount
	WrittenOff     money.Amount
	Owed           money.Amount // Invoiced less Paid
	Problem        string       // the reason why there are no amounts, if their sums are too large
	URI            string
}

// Entry is an amount that is or will be invoiced.
type Entry struct {
	Kind             string // ACTION, ADJUSTMENT, BONUS or WRITE_OFF
	ID               string // of the action or the adjustment, or a number
	MediaPartnerID   int
	MediaPartnerName string
	CampaignID       int
	CampaignName     string
	Date             time.Time // decides the invoice
	EventDate        time.Time
	Currency         money.Currency
	Amount           money.Amount
	Reason           string
	InvoiceID        string // empty until the invoice is issued
}
