package demo

import (
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// product is a product of a shop.
type product struct {
	sku, name, category string
	// price is in minor units.
	price money.Amount
}

// partner is a partner that refers orders.
type partner struct {
	id int64
	// promo is the partner's promo code, or "".
	promo string
	// changeableFor is a time after the event date before which none of the partner's
	// actions is locked.
	changeableFor time.Duration
	// eventTypes are the event types of the partner's terms. An event type that is listed
	// twice is twice as frequent.
	eventTypes []int64
}

const day = 24 * time.Hour

var harbor = shop{
	campaign: 1000, orders: 3000, prefix: "HS-", seed: 1000, currency: "USD", zone: "America/Los_Angeles",
	history: harborHistory,
	partners: []partner{
		{10001, "BRIGHT5", Days * day, []int64{2240, 2240, 2240, 2241, 2242, 2243}},
		{10002, "CORNER10", 28 * day, []int64{2240, 2240, 2240, 2242}},
		{10003, "TRAIL", 28 * day, []int64{2240, 2240, 2243}},
		{10004, "", 17 * day, []int64{2240, 2241}},
		{10005, "", Days * day, []int64{2240}},
	},
	places: []place{
		{"US", "CA", "Oakland", "94607"},
		{"US", "CA", "Fresno", "93721"},
		{"US", "WA", "Tacoma", "98402"},
		{"US", "OR", "Bend", "97701"},
		{"US", "TX", "El Paso", "79901"},
		{"US", "NY", "Albany", "12207"},
		{"US", "ME", "Portland", "04101"},
		{"CA", "BC", "Victoria", "V8W 1P6"},
		{"CA", "QC", "Lévis", "G6V 3P6"},
		{"MX", "JAL", "Guadalajara", "44100"},
		{"GB", "", "Bath", "BA1 1LZ"},
		{"DE", "BY", "Fürth", "90762"},
	},
	products: []product{
		{"KET-1.7L-STL", "Steel kettle 1.7 l", "Kitchen", 4490},
		{"PAN-28-CI", "Cast iron pan 28 cm", "Kitchen", 3995},
		{"KNF-SANT-17", "Santoku knife 17 cm", "Kitchen", 6450},
		{"BRD-OAK-40", "Oak cutting board", "Kitchen", 2999},
		{"MUG-ENAMEL-BLU", "Enamel mug, blue", "Kitchen", 1250},
		{"GRD-CER-01", "Ceramic hand grinder", "Kitchen", 3825},
		{"TEA/OOLONG 50 g", "Oolong tea 50 g", "Tea & Coffee", 1175},
		{"抹茶/40 g", "Matcha 抹茶 40 g", "Tea & Coffee", 2260},
		{"CAFÉ/250 g", "Café de la casa 250 g", "Tea & Coffee", 1399},
		{"FLT-PAPER-100", "Paper filters, 100", "Tea & Coffee", 449},
		{"JKT-RAIN-M", "Rain jacket, medium", "Outdoor Clothing", 12900},
		{"JKT-RAIN-L", "Rain jacket, large", "Outdoor Clothing", 12900},
		{"SCK-WOOL-42", "Wool socks 42", "Outdoor Clothing", 1690},
		{"HAT-KNIT-GRY", "Knit hat, grey", "Outdoor Clothing", 2150},
		{"BTL-INS-750", "Insulated bottle 750 ml", "Camping", 2799},
		{"LMP-HEAD-300", "Head lamp 300 lm", "Camping", 3450},
		{"TNT-2P-GRN", "Tent for two, green", "Camping", 18950},
		{"STV-GAS-MINI", "Mini gas stove", "Camping", 3299},
		{"ROPE 8 mm/10 m", "Rope 8 mm, 10 m", "Boating", 1825},
		{"VST-FLOAT-M", "Flotation vest, medium", "Boating", 7900},
		{"PNT-HULL-2L", "Hull paint 2 l", "Boating", 8649},
		{"CHT-COAST-07", "Coast chart 07", "Boating", 2475},
		{"BK-KNOTS", "Forty knots (book)", "Books", 1633},
		{"BK-TIDES-2", "Reading the tides, 2nd ed.", "Books", 2218},
		{"SOAP-PINE", "Pine soap", "Home", 533},
		{"CNDL-BEES-3", "Beeswax candles, 3", "Home", 1417},
		{"BLNKT-WOOL", "Wool blanket", "Home", 9425},
		{"GIFT-25", "Gift card 25", "Gift Cards", 2500},
		{"GIFT-50", "Gift card 50", "Gift Cards", 5000},
		{"STKR-FREE", "Sticker (free)", "Home", 0},
	},
	examples: []example{
		{ExampleOrder, 2240, 10001, []line{{"12345", "Deck lantern", "Camping", 2, "19.27"}, {"67890", "Lantern wick", "Camping", 1, "2.72"}}},
		{"EXAMPLE-B", 2241, 10001, []line{
			{"BOX-TEA", "Tea box", "Subscription Boxes", 1, "11.11"},
			{"BOX-SNACK", "Snack box", "Subscription Boxes", 1, "11.11"},
			{"BOX-BOOK", "Book box", "Subscription Boxes", 1, "11.11"},
		}},
		{"EXAMPLE-C", 2242, 10001, []line{{"OAR-180", "Oar 180 cm", "Boating", 1, "30.00"}, {"OAR-COLLAR", "Oar collar", "Boating", 1, "10.00"}}},
		{"EXAMPLE-D", 2243, 10001, []line{{"SAMPLE-TEA", "Tea sample", "Samples", 3, "6.00"}}},
	},
}

var minatomachi = shop{
	campaign: 2000, orders: 400, prefix: "MM-", seed: 2000, currency: "JPY", zone: "Asia/Tokyo",
	partners: []partner{
		{20001, "OCHA", Days * day, []int64{3240}},
		{20002, "", 28 * day, []int64{3240}},
	},
	places: []place{
		{"JP", "13", "台東区", "110-0005"}, {"JP", "26", "京都市", "600-8216"}, {"JP", "01", "函館市", "040-0063"},
	},
	products: []product{
		{"煎茶-100g", "煎茶 100 g", "お茶", 1080},
		{"抹茶/40 g", "抹茶 40 g", "お茶", 2160},
		{"CHASEN-100", "茶筅 百本立", "茶道具", 2750},
		{"WAN-SAKURA", "桜の椀", "食器", 3980},
		{"HASHI-2", "夫婦箸", "食器", 1650},
		{"FURO-70", "風呂敷 70 cm", "雑貨", 1485},
		{"KOU-白檀", "お香 白檀", "雑貨", 990},
		{"SENSU-M", "扇子", "雑貨", 4333},
	},
	examples: []example{
		{"EXAMPLE-YEN", 3240, 20001, []line{{"12345", "手ぬぐい", "雑貨", 3, "2999"}}},
	},
}

// shops maps accounts to shops.
var shops = map[int64]*shop{Account: &harbor, AccountJapan: &minatomachi}
