package encode_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
)

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?><ImpactRadiusResponse>`

func checkResponse(t *testing.T, name string, got []byte, want string) {
	t.Helper()
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

func TestSection5AnAcceptedWriteIsEncoded(t *testing.T) {
	asJSON, asXML := encode.Encoder{Format: wire.JSON, Version: 14, SID: sid}, encode.Encoder{Version: 14, SID: sid}
	checkResponse(t, "queued", asJSON.AppendQueued(nil, "A-1"),
		`{"Status":"QUEUED","QueuedUri":"/Advertisers/`+sid+`/APISubmissions/A-1"}`)
	checkResponse(t, "queued", asXML.AppendQueued(nil, "A-1"),
		xmlHead+`<Status>QUEUED</Status><QueuedUri>/Advertisers/`+sid+`/APISubmissions/A-1</QueuedUri></ImpactRadiusResponse>`)
	checkResponse(t, "done", asJSON.AppendOK(nil, "/ActionInquiries/7"),
		`{"Status":"OK","Uri":"/Advertisers/`+sid+`/ActionInquiries/7"}`)
	checkResponse(t, "done", asXML.AppendOK(nil, "/ActionInquiries/7"),
		xmlHead+`<Status>OK</Status><Uri>/Advertisers/`+sid+`/ActionInquiries/7</Uri></ImpactRadiusResponse>`)
}

func TestSection7AnErrorIsEncoded(t *testing.T) {
	asJSON, asXML := encode.Encoder{Format: wire.JSON, Version: 14, SID: sid}, encode.Encoder{Version: 14, SID: sid}
	invalid := wire.Invalid(wire.FieldError{Field: "Quantity", Message: "Not a whole number"}, wire.FieldError{Field: "a<b", Message: `"x"`})
	checkResponse(t, "field errors", asJSON.AppendError(nil, invalid),
		`{"Status":"ERROR","Message":"Validation Failed","Errors":[{"Field":"Quantity","Message":"Not a whole number."},{"Field":"a<b","Message":"\"x\"."}]}`)
	checkResponse(t, "field errors", asXML.AppendError(nil, invalid),
		xmlHead+`<Status>ERROR</Status><Message>Validation Failed</Message><Errors><Error><Field>Quantity</Field><Message>Not a whole number.</Message></Error>`+
			`<Error><Field>a&lt;b</Field><Message>&#34;x&#34;.</Message></Error></Errors></ImpactRadiusResponse>`)
	checkResponse(t, "the field errors of a conversion", asJSON.AppendConversionError(nil, wire.Invalid(wire.FieldError{Field: "f", Message: "m"})),
		`{"Status":"ERROR","Message":"Validation Failed","Errors":[{"Field":"f","Message":"m."}],"errors":[{"field":"f","level":"ERROR","message":"m."}]}`)
	plain := &wire.Error{Status: 404, Message: "No such action"}
	checkResponse(t, "without fields", asJSON.AppendConversionError(nil, plain), `{"Status":"ERROR","Message":"No such action"}`)
	checkResponse(t, "without fields", asXML.AppendError(nil, plain),
		xmlHead+`<Status>ERROR</Status><Message>No such action</Message></ImpactRadiusResponse>`)
}

func TestSection22TheResponseAfterAWaitHasTheSubmission(t *testing.T) {
	e := encoder(t, 14)
	s := encode.Submission{ID: "A-1", Account: 7, Command: ledger.Reversal{Reason: "OTHER"}, Payload: "a=b&c=<d>"}
	object := strings.TrimSuffix(strings.TrimPrefix(string(e.AppendSubmission(nil, s)), "<APISubmission>"), "</APISubmission>")
	checkResponse(t, "XML", e.AppendQueuedSubmission(nil, s), xmlHead+"<Status>QUEUED</Status><QueuedUri>/Advertisers/"+sid+
		"/APISubmissions/A-1</QueuedUri><Submission>"+object+"</Submission></ImpactRadiusResponse>")
	e.Format = wire.JSON
	got := e.AppendQueuedSubmission(nil, s)
	checkResponse(t, "JSON", got, `{"Status":"QUEUED","QueuedUri":"/Advertisers/`+sid+`/APISubmissions/A-1","Submission":`+
		string(e.AppendSubmission(nil, s))+`}`)
	if !json.Valid(got) {
		t.Errorf("not JSON: %s", got)
	}
}
