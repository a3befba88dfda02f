package httpapi_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store"
)

// upload returns the content type and the body of a form with files of the same content
// and fields.
func upload(t *testing.T, content string, names []string, fields ...string) (contentType, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range names {
		part, err := w.CreateFormFile("file", name)
		if err == nil {
			_, err = part.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

const files = "/FTPFileSubmissions"

// submitFile submits a file, waits until it is applied and returns its path.
func (s *service) submitFile(t *testing.T, content string, fields ...string) (path string) {
	t.Helper()
	contentType, body := upload(t, content, []string{`C:\out\returns.csv`}, fields...)
	response := s.exchange(t, exchange{method: "POST", path: files, contentType: contentType, body: body, has: []string{`"Status":"QUEUED"`}})
	var queued struct{ QueuedUri string }
	if err := json.Unmarshal([]byte(response), &queued); err != nil {
		t.Fatal(err)
	}
	_, below, _ := strings.Cut(queued.QueuedUri, files)
	path = files + below
	for {
		var f struct{ Status string }
		if s.read(t, path, &f); f.Status == "Complete" {
			return path
		}
	}
}

func TestSection19BatchFiles(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.order(t, "F1")
	s.order(t, "F2")
	returns := "ActionTrackerId,OrderId,Sku,Quantity,Amount,Category,Reason\n" +
		"2240,F1,LANTERN,1,,,ORDER_UPDATE\n2240,F1,WICK,x,,Oil,ORDER_UPDATE\n2240,NONE,WICK,0,,Oil,ORDER_UPDATE\n2240,F2,WICK,,0,,ORDER_UPDATE\n"
	path := s.submitFile(t, returns)
	errors, file := path+"/ErrorDetails", `"FileName":"returns.csv","Type":"Modification","Status":"Complete","TotalRecords":4,"TotalErrors":2`
	second := `"Line":4,"CampaignId":0,"ActionTrackerId":2240,"MediaPartnerId":0,"EventCode":"SALE","OrderId":"NONE","Category":"Oil",` +
		`"Sku":"WICK","Status":"Validation","Reason":"ACTION_NOT_FOUND",`
	s.exchangeAll(t, map[string]exchange{
		"valid rows are applied":                   {path: "/Actions?Oid=F1", has: []string{`"Amount":12.36`}},
		"0 as Amount reverses the item":            {path: "/Actions?Oid=F2", has: []string{`"Amount":19.27`}},
		"a file has its result":                    {path: path, has: []string{file, `"ErrorsUri":"/Advertisers/` + demo.SID + errors + `"`}},
		"in XML too":                               {path: path + ".xml", has: []string{"<ImpactRadiusResponse><FTPFileSubmission><BatchId>F-", "<TotalErrors>2</TotalErrors>"}},
		"numbers are strings in version 13":        {path: path + "?IrVersion=13", has: []string{`"AccountId":"`}},
		"the list has the file":                    {path: files, has: []string{`"FTPFileSubmissions":[{"BatchId":"F-`, file}},
		"by its submission date":                   {path: files + "?SubmissionDateStart=" + ago(1) + "&SubmissionDateEnd=" + ago(-1), has: []string{`"@total":"1"`}},
		"by a start alone":                         {path: files + "?SubmissionDateStart=" + ago(1), has: []string{`"@total":"1"`}},
		"by an end alone":                          {path: files + "?SubmissionDateEnd=" + ago(1), has: []string{`"@total":"0"`}},
		"by a completion in the last years":        {path: files + "?CompletedDateStart=" + ago(4000) + "&CompletedDateEnd=" + ago(-1), has: []string{`"@total":"1"`}},
		"by another submission date":               {path: files + "?SubmissionDateStart=" + ago(9) + "&SubmissionDateEnd=" + ago(1), has: []string{`"@total":"0"`, `"FTPFileSubmissions":[]`}},
		"by its completion date":                   {path: files + "?CompletedDateStart=" + ago(1) + "&CompletedDateEnd=" + ago(-1), has: []string{`"@total":"1"`}},
		"errors have a line, a code and a message": {path: errors, has: []string{`"ErrorDetail":[{"Line":3`, `"Reason":"MALFORMED","ErrorMessage":"Quantity: Not a whole number"`, second}},
		"errors have pages":                        {path: errors + "?PageSize=1&Page=2", has: []string{`"@total":"2"`, `"@numpages":"2"`, `[{"Line":4`}, hasNot: []string{`"Line":3`}},
		"a page past the end":                      {path: errors + "?Page=9", has: []string{`"ErrorDetail":[]`}},
		"errors in XML":                            {path: errors + ".xml", has: []string{`<ErrorDetails page="1"`, "<ErrorDetail><Line>3</Line>"}},
		"one error":                                {path: errors + "/4", has: []string{`{` + second}},
		"a line without an error":                  {path: errors + "/2", status: 404},
		"an invalid line":                          {path: errors + "/x", status: 404},
		"an unknown file":                          {path: files + "/F-01a20fb9-0613-8028-bc35-000000000cd8", status: 404},
		"errors of an unknown file":                {path: files + "/F-01a20fb9-0613-8028-bc35-000000000cd8/ErrorDetails", status: 404},
		"the id of a submission":                   {path: files + "/A-01a20fb9-0613-8028-bc35-000000000cd8", status: 404},
	})
	inOrder(t, s.exchange(t, exchange{path: path}),
		"BatchId AccountId SubmissionDate FileName Type Status TotalRecords TotalErrors CompletionDate AppliedRecords ErrorsUri Uri")
	inOrder(t, s.exchange(t, exchange{path: errors + "/4"}),
		"Line CampaignId ActionTrackerId MediaPartnerId EventCode OrderId Category Sku Status Reason ErrorMessage Uri")
}

func TestSection19AFileIsAcceptedOnceWithoutAgain(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.order(t, "F3")
	returns := "ActionTrackerId,OrderId,Sku,QuantityDelta,Reason\n2240,F3,LANTERN,-1,ORDER_UPDATE\n"
	path := s.submitFile(t, returns)
	contentType, body := upload(t, returns, []string{"copy.csv"})
	s.exchange(t, exchange{method: "POST", path: files, contentType: contentType, body: body, status: 409, has: []string{demo.SID + path, "Again=true"}, wantHeader: map[string]string{"Location": "/Advertisers/" + demo.SID + path}})
	s.exchange(t, exchange{path: "/Actions?Oid=F3", has: []string{`"Amount":12.36`}})
	s.submitFile(t, returns, "Again", "true")
	s.exchange(t, exchange{path: "/Actions?Oid=F3", has: []string{`"Amount":2.72`}})
}

func TestSection19AFileWithAKeyIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	s := serve(t)
	send := func(content string, status int, has string, replayed string) string {
		contentType, body := upload(t, content, []string{"a.csv"})
		return s.exchange(t, exchange{
			method: "POST", path: files, contentType: contentType, body: body, status: status, has: []string{has},
			header: map[string]string{"Idempotency-Key": "k"}, wantHeader: map[string]string{"Idempotency-Replayed": replayed},
		})
	}
	const content = "ActionId,Amount,Reason\n1000.2240.1,5,OTHER\n"
	first := send(content, 200, `"QueuedUri"`, "")
	if again := send(content, 200, `"QueuedUri"`, "true"); again != first {
		t.Errorf("first response %s, second %s", first, again)
	}
	send(content+"1000.2240.2,5,OTHER\n", 409, "Idempotency-Key", "")
}

func TestSection19ResponseReportsWhatHasNoEffect(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const header = "CampaignId;EventTypeId;EventDate;OrderId;MediaPartnerId;Warehouse;ItemSku;ItemSubTotal\n"
	send := func(rows string, want map[string]string, fields ...string) {
		contentType, body := upload(t, header+rows, []string{"a.csv"}, fields...)
		s.exchange(t, exchange{method: "POST", path: files, contentType: contentType, body: body, has: []string{"QUEUED"}, wantHeader: want})
	}
	send("1000;2240;NOW;N1;10001;W;a;1,50\n1000;2240;NOW;N1;10001;W;b;\n", map[string]string{
		"Trueup-Ignored-Parameters": "Color, Warehouse", "Trueup-Unpriced-Lines": "1", "Trueup-Decimal-Separator": ",",
	}, "Color", "red")
	send("1000;2240;NOW;N3;10001;;a;15\n", map[string]string{
		"Trueup-Ignored-Parameters": "", "Trueup-Unpriced-Lines": "", "Trueup-Decimal-Separator": "",
	})
	s.submitFile(t, header+"1000;2240;NOW;N2;10001;;a;1.500\n", "Decimal", ",")
	s.exchange(t, exchange{path: "/Actions?Oid=N2", has: []string{`"Amount":1500.00`}})
}

func TestSection19InvalidFilesAreRejected(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const good = "ActionId,Amount,Reason\n1000.2240.1,5,OTHER\n"
	post := func(status int, has, content string, names []string, fields ...string) exchange {
		contentType, body := upload(t, content, names, fields...)
		return exchange{method: "POST", path: files, contentType: contentType, body: body, status: status, has: []string{has}}
	}
	csv := []string{"a.csv"}
	s.exchangeAll(t, map[string]exchange{
		"a misspelled column":       post(400, `did you mean Amount?`, "ActionId,Amonut,Reason\n1000.2240.1,5,OTHER\n", csv),
		"another separator":         post(400, `"Field":"Decimal"`, good, csv, "Decimal", ";"),
		"unknown columns":           post(400, `"Field":"File","Message":"The columns don't identify`, "a,b\n1,2\n", csv),
		"no file":                   post(400, `"Field":"File","Message":"Required."`, good, nil),
		"two files":                 post(400, "one file", good, []string{"a.csv", "b.csv"}),
		"a file that is too large":  post(413, "32 MiB", strings.Repeat("x", batchfile.MaxSize+1), csv),
		"Again is true or false":    post(400, `"Field":"Again"`, good, csv, "Again", "maybe"),
		"no boundary":               {method: "POST", path: files, contentType: "multipart/form-data", body: "x", status: 400, has: []string{"boundary"}},
		"an incomplete body":        {method: "POST", path: files, contentType: "multipart/form-data; boundary=b", body: "--b\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\nx", status: 400, has: []string{"is incomplete"}},
		"a form":                    {method: "POST", path: files, contentType: form, body: "a=b", status: 400, has: []string{`"Field":"File"`}},
		"another method":            {method: "PUT", path: files, contentType: form, body: "a=b", status: 405},
		"a file in another request": {method: "POST", path: "/Conversions", contentType: "multipart/form-data; boundary=b", body: "x", status: 415},
	})
	contentType, body := upload(t, good, csv)
	reader := s.as(t, store.TokenRequest{Account: demo.Account, ReadOnly: true}, nil)
	reader.exchange(t, exchange{method: http.MethodPost, path: files, contentType: contentType, body: body, status: 403, has: []string{"files:write"}})
	s.exchange(t, exchange{path: files, has: []string{`"@total":"0"`}})
}

func TestSection19ADryRunOfAFileShowsItsEffectAndStoresNothing(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.order(t, "DRY")
	send := func(content string, fields ...string) exchange {
		contentType, body := upload(t, content, []string{"a.csv"}, append(fields, "DryRun", "true")...)
		return exchange{method: "POST", path: files, contentType: contentType, body: body}
	}
	returns := send("ActionTrackerId,OrderId,Sku,Quantity,Reason,Shelf\n" +
		"2240,DRY,LANTERN,1,ORDER_UPDATE,A\n2240,DRY,WICK,x,ORDER_UPDATE,\n\n2240,NONE,WICK,0,ORDER_UPDATE,\n2240,DRY,LANTERN,0,ORDER_UPDATE,\n")
	returns.has = []string{
		`{"Status":"DRY_RUN","Type":"Modification","TotalRecords":"4","DecidedRecords":"4","BlankRecords":"1","TotalErrors":"2","UnpricedLines":"0",`,
		`"Actions":"1","DeltaAmount":-19.27,"DeltaPayout":-`, `"Amount":21.99,"NewAmount":2.72,"Payout":0.88,"NewPayout":0.11`, `"Format":"commas, UTF-8, 6 columns"`, `"Errors":[{"Line":"3","Code":"MALFORMED"`, `{"Line":"5","Code":"ACTION_NOT_FOUND"`,
	}
	returns.wantHeader = map[string]string{"Trueup-Ignored-Parameters": "Shelf", "Trueup-File-Format": "commas, UTF-8, 6 columns"}
	created := send("CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,ItemSku,ItemSubTotal\n" +
		"1000,2240,NOW,DRY-2,10001,a,10.00\n1000,2240,NOW,DRY-2,10001,b,5.00\n1000,2240,NOW,DRY,10001,a,1.00\n")
	created.has = []string{`"Type":"Conversion","TotalRecords":"3"`, `"TotalErrors":"1"`, `"Actions":"1","DeltaAmount":15.00`, `{"Line":"4","Code":"CONV_DUPLICATE"`}
	inXML := returns
	inXML.path, inXML.has = files+".xml", []string{"<Status>DRY_RUN</Status>", "<MediaPartners><Partner><MediaPartnerId>", "<Errors><Error><Line>3</Line>"}
	unusable := send("a,b\n1,2\n")
	unusable.status = 400
	s.exchangeAll(t, map[string]exchange{"returns": returns, "orders": created, "in XML": inXML, "a file that can't be used": unusable})
	s.exchange(t, exchange{path: files, has: []string{`"@total":"0"`}})
	s.exchange(t, exchange{path: "/Actions?Oid=DRY", has: []string{`"Amount":21.99`}})
	s.exchange(t, exchange{path: "/Actions?Oid=DRY-2", has: []string{`"@total":"0"`}})
	writer := s.as(t, store.TokenRequest{Account: demo.Account, Scopes: []string{"files:write"}}, nil)
	returns.status, returns.has, returns.wantHeader = 403, []string{"actions:read"}, nil
	writer.exchange(t, returns)
}
