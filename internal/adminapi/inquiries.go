package adminapi

import (
	"net/http"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// inquiryForm is the JSON form of an inquiry.
type inquiryForm struct {
	ID       int64          `json:"id"`
	Created  time.Time      `json:"created"`
	Status   inquiry.Status `json:"status"`
	Type     string         `json:"type"`
	Campaign int64          `json:"campaign"`
	Partner  int64          `json:"partner"`
	Order    string         `json:"order"`
	Date     time.Time      `json:"date"`
	Action   ids.ActionID   `json:"action"`
}

func newInquiryForm(q inquiry.Inquiry) inquiryForm {
	return inquiryForm{q.Number, q.Created, q.Status, string(q.Type), q.Campaign, q.Partner, q.Order, q.Date, q.Outcome.Action}
}

// postInquiry creates an inquiry from a claim. The fields of the claim have the names of the
// protocol, such as CampaignId and OrderId.
func (h *handler) postInquiry(o httpapi.OperatorRequest, account int64) error {
	r, err := h.store.CurrentReference(o.Context(), account)
	if err != nil {
		return err
	}
	params, env, err := o.Params(r.Zone())
	if err != nil {
		return err
	}
	claim, err := wire.DecodeClaim(params, env)
	if err != nil {
		return err
	}
	q, err := h.store.CreateInquiry(o.Context(), account, o.Now(), claim, o.AuditEvent(store.OperationCreateInquiry, ""))
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusCreated, newInquiryForm(q))
}

func (h *handler) getInquiries(o httpapi.OperatorRequest, account int64) error {
	values, err := o.Query("status", "page", "limit")
	if err != nil {
		return err
	}
	q, err := parseNumbers(values, pageParameter, limitParameter)
	if err != nil {
		return err
	}
	var filter search.InquiryFilter
	if status, sent := values["status"]; sent {
		filter.Status = inquiry.Status(status)
		if !slices.Contains(inquiry.Statuses, filter.Status) {
			return wire.Invalid(wire.FieldError{Field: "status", Message: "Must be UNRESOLVED, VALID, DECLINED or INCOMPLETE"})
		}
	}
	list, total, err := h.inquiries(o, account, filter, search.Page{Size: int(q["limit"]), Number: int(q["page"])})
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, map[string]any{"inquiries": list, "total": total})
}

// inquiries returns a page of an account's inquiries that match and the number of all.
func (h *handler) inquiries(o httpapi.OperatorRequest, account int64, filter search.InquiryFilter, page search.Page) (list []inquiryForm, total int, err error) {
	list = []inquiryForm{}
	err = h.store.Read(o.Context(), account, func(r store.Reader) error {
		info, inquiries, err := r.Inquiries(filter, page)
		if err != nil {
			return err
		}
		total = info.Total
		for q, err := range inquiries {
			if err != nil {
				return err
			}
			list = append(list, newInquiryForm(q))
		}
		return nil
	})
	return list, total, err
}

func (h *handler) getInquiry(o httpapi.OperatorRequest, account int64) error {
	id, err := scalar.ID(o.Path("inquiry"))
	if err != nil {
		return ledger.ErrNotFound
	}
	var q inquiry.Inquiry
	err = h.store.Read(o.Context(), account, func(r store.Reader) (err error) {
		q, err = r.Inquiry(id)
		return err
	})
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, newInquiryForm(q))
}
