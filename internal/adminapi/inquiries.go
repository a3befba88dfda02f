package adminapi

import (
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// inquiryLine is an inquiry as it is answered.
type inquiryLine struct {
	ID       int64                `json:"id"`
	Created  time.Time            `json:"created"`
	Status   ledger.InquiryStatus `json:"status"`
	Type     string               `json:"type"`
	Campaign int64                `json:"campaign"`
	Partner  int64                `json:"partner"`
	Order    string               `json:"order"`
	Date     time.Time            `json:"date"`
	Action   ledger.ActionID      `json:"action"`
}

func inquiryOf(q ledger.Inquiry) inquiryLine {
	return inquiryLine{q.Number, q.Created, q.Status, string(q.Type), q.Campaign, q.Partner, q.Order, q.Date, q.Outcome.Action}
}

// postInquiry takes a claim in the protocol's own words, as CampaignId and OrderId.
func (d *desk) postInquiry(o httpapi.Operator) error {
	of, err := account(o)
	if err != nil {
		return err
	}
	r, err := d.store.Reference(o.Context(), of, store.Latest)
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
	q, err := d.store.CreateInquiry(o.Context(), of, o.Now(), claim, o.Does(store.OperationCreateInquiry, ""))
	if err != nil {
		return err
	}
	return o.Answer(http.StatusCreated, inquiryOf(q))
}

func (d *desk) getInquiries(o httpapi.Operator) error {
	of, err := account(o)
	if err != nil {
		return err
	}
	q, err := o.Query("page", "limit")
	if err != nil {
		return err
	}
	page, err := number(q, "page", 1, 1<<31)
	if err != nil {
		return err
	}
	limit, err := number(q, "limit", usualPage, mostPage)
	if err != nil {
		return err
	}
	lines, total := []inquiryLine{}, 0
	err = d.store.Read(o.Context(), of, func(r store.Reader) error {
		found, inquiries, err := r.Inquiries(ledger.InquiryFilter{}, ledger.Page{Size: int(limit), Number: int(page)})
		if err != nil {
			return err
		}
		total = found.Total
		for i, err := range inquiries {
			if err != nil {
				return err
			}
			lines = append(lines, inquiryOf(i))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return o.Answer(http.StatusOK, map[string]any{"inquiries": lines, "total": total})
}

func (d *desk) getInquiry(o httpapi.Operator) error {
	of, err := account(o)
	if err != nil {
		return err
	}
	id, err := refdata.ID(o.Path("inquiry"))
	if err != nil {
		return ledger.ErrNotFound
	}
	var q ledger.Inquiry
	err = d.store.Read(o.Context(), of, func(r store.Reader) (err error) {
		q, err = r.Inquiry(id)
		return err
	})
	if err != nil {
		return err
	}
	return o.Answer(http.StatusOK, inquiryOf(q))
}
