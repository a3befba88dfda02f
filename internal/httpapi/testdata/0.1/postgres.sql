CREATE TABLE accounts (
    account bigint NOT NULL,
    salt bigint NOT NULL,
    hash_key bytea NOT NULL
);
CREATE TABLE actions (
    account bigint NOT NULL,
    number bigint NOT NULL,
    campaign bigint NOT NULL,
    event_type bigint NOT NULL,
    partner bigint NOT NULL,
    order_id text NOT NULL COLLATE pg_catalog."C",
    currency text NOT NULL,
    event_date bigint NOT NULL,
    created bigint NOT NULL,
    referral_type text NOT NULL,
    referral_date bigint,
    promo_code text NOT NULL,
    caller_id text NOT NULL,
    customer text NOT NULL COLLATE pg_catalog."C",
    post_code text NOT NULL,
    city text NOT NULL,
    region text NOT NULL,
    country text NOT NULL,
    ip_hash text NOT NULL,
    shared_id text NOT NULL,
    extras text NOT NULL,
    tracked_customer_status text NOT NULL,
    tracked_disposition text NOT NULL,
    tracked_reversed_whole smallint NOT NULL,
    tracked_locking bigint NOT NULL,
    tracked_open_ended smallint NOT NULL,
    tracked_fee_rate bigint NOT NULL,
    terms_contract bigint NOT NULL,
    terms_event_type bigint NOT NULL,
    terms_version bigint NOT NULL,
    intended_amount bigint NOT NULL,
    intended_payout bigint NOT NULL,
    updated bigint NOT NULL,
    note text NOT NULL,
    customer_status text NOT NULL,
    disposition text NOT NULL,
    reversed_whole smallint NOT NULL,
    locking bigint NOT NULL,
    open_ended smallint NOT NULL,
    fee_rate bigint NOT NULL,
    amount bigint NOT NULL,
    payout bigint NOT NULL,
    reversed smallint NOT NULL,
    delta_amount bigint NOT NULL,
    delta_payout bigint NOT NULL,
    client_cost bigint NOT NULL,
    modifications bigint NOT NULL,
    cap bigint NOT NULL,
    last_update bigint NOT NULL,
    last_hash bytea NOT NULL
)
WITH (fillfactor='80');
CREATE TABLE applier (
    account bigint NOT NULL,
    number bigint NOT NULL,
    instant bigint NOT NULL,
    last_update bigint NOT NULL,
    attempts bigint NOT NULL
)
WITH (fillfactor='10');
CREATE TABLE clicks (
    account bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    recorded bigint NOT NULL,
    campaign bigint NOT NULL,
    partner bigint NOT NULL,
    customer text NOT NULL COLLATE pg_catalog."C",
    instant bigint NOT NULL
);
CREATE TABLE deeds (
    account bigint NOT NULL,
    number bigint NOT NULL,
    instant bigint NOT NULL,
    via text NOT NULL,
    actor text NOT NULL,
    actor_name text NOT NULL,
    verb text NOT NULL,
    subject text NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL
);
CREATE TABLE deliveries (
    account bigint NOT NULL,
    notification bigint NOT NULL,
    number bigint NOT NULL,
    action bigint NOT NULL,
    submission bigint NOT NULL,
    attempts bigint NOT NULL,
    due bigint,
    lost bigint,
    tried bigint,
    status bigint NOT NULL,
    error text NOT NULL
);
CREATE TABLE file_contents (
    account bigint NOT NULL,
    file bigint NOT NULL,
    content bytea NOT NULL
);
CREATE TABLE file_rows (
    account bigint NOT NULL,
    file bigint NOT NULL,
    line bigint NOT NULL,
    item bigint NOT NULL,
    submission bigint NOT NULL,
    fault text NOT NULL
);
CREATE TABLE files (
    account bigint NOT NULL,
    number bigint NOT NULL,
    accepted bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    sum bytea NOT NULL,
    records bigint NOT NULL,
    taken bigint NOT NULL,
    faults bigint NOT NULL,
    first_submission bigint NOT NULL,
    last_submission bigint NOT NULL,
    read bigint
);
CREATE TABLE inquiries (
    account bigint NOT NULL,
    number bigint NOT NULL,
    created bigint NOT NULL,
    campaign bigint NOT NULL,
    partner bigint NOT NULL,
    order_id text NOT NULL COLLATE pg_catalog."C",
    transacted bigint NOT NULL,
    status text NOT NULL COLLATE pg_catalog."C",
    submission bigint NOT NULL,
    document text NOT NULL
);
CREATE TABLE inquiry_numbers (
    account bigint NOT NULL,
    number bigint NOT NULL,
    instant bigint NOT NULL
)
WITH (fillfactor='10');
CREATE TABLE intake (
    account bigint NOT NULL,
    number bigint NOT NULL,
    instant bigint NOT NULL
)
WITH (fillfactor='10');
CREATE TABLE items (
    account bigint NOT NULL,
    action bigint NOT NULL,
    "position" bigint NOT NULL,
    sku text NOT NULL COLLATE pg_catalog."C",
    sub_category text NOT NULL,
    mpn text NOT NULL,
    brand text NOT NULL,
    promo text NOT NULL,
    tracked_name text NOT NULL,
    tracked_category text NOT NULL,
    tracked_quantity bigint NOT NULL,
    tracked_amount bigint NOT NULL,
    tracked_rebate bigint NOT NULL,
    tracked_line_amount bigint NOT NULL,
    tracked_line_quantity bigint NOT NULL,
    tracked_payout bigint NOT NULL,
    name text NOT NULL,
    category text NOT NULL,
    quantity bigint NOT NULL,
    amount bigint NOT NULL,
    rebate bigint NOT NULL,
    line_amount bigint NOT NULL,
    line_quantity bigint NOT NULL,
    payout bigint NOT NULL,
    adjusted bigint,
    adjustment_reason text NOT NULL
)
WITH (fillfactor='80');
CREATE TABLE keys (
    account bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    request bytea NOT NULL,
    given bigint NOT NULL,
    submission bigint NOT NULL,
    resource text NOT NULL
);
CREATE TABLE latest (
    account bigint NOT NULL,
    updated bigint NOT NULL,
    action bigint NOT NULL
);
CREATE TABLE migrations (
    id integer NOT NULL,
    version_id bigint NOT NULL,
    is_applied boolean NOT NULL,
    tstamp timestamp without time zone DEFAULT now() NOT NULL
);
ALTER TABLE migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE notifications (
    account bigint NOT NULL,
    id bigint NOT NULL,
    active smallint NOT NULL,
    "position" bigint NOT NULL
);
CREATE TABLE outcomes (
    account bigint NOT NULL,
    number bigint NOT NULL,
    completed bigint NOT NULL,
    action bigint NOT NULL,
    first_update bigint NOT NULL,
    error_type text NOT NULL,
    code text NOT NULL,
    message text NOT NULL,
    terms_contract bigint NOT NULL,
    terms_event_type bigint NOT NULL,
    terms_version bigint NOT NULL,
    fee_rate bigint NOT NULL,
    cap bigint NOT NULL
);
CREATE TABLE parking (
    account bigint NOT NULL,
    number bigint NOT NULL
);
CREATE TABLE reference (
    account bigint NOT NULL,
    kind text NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    recorded bigint NOT NULL,
    document text NOT NULL
);
CREATE TABLE retries (
    account bigint NOT NULL,
    number bigint NOT NULL,
    again bigint NOT NULL
);
CREATE TABLE submissions (
    account bigint NOT NULL,
    number bigint NOT NULL,
    accepted bigint NOT NULL,
    kind text NOT NULL,
    order_id text NOT NULL COLLATE pg_catalog."C",
    action bigint NOT NULL,
    payload text NOT NULL,
    command text NOT NULL
);
CREATE TABLE tokens (
    account bigint NOT NULL,
    sid text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    hash bytea NOT NULL,
    version bigint NOT NULL,
    created bigint NOT NULL,
    disabled bigint,
    scopes text NOT NULL,
    hourly bigint NOT NULL,
    expires bigint,
    old_hash bytea,
    old_until bigint
);
CREATE TABLE updates (
    account bigint NOT NULL,
    number bigint NOT NULL,
    action bigint NOT NULL,
    submission bigint NOT NULL,
    instant bigint NOT NULL,
    item bigint NOT NULL,
    sku text NOT NULL COLLATE pg_catalog."C",
    disposition text NOT NULL,
    category text NOT NULL,
    quantity bigint NOT NULL,
    delta_amount bigint NOT NULL,
    delta_payout bigint NOT NULL,
    terms_contract bigint NOT NULL,
    terms_event_type bigint NOT NULL,
    terms_version bigint NOT NULL,
    terms_group bigint NOT NULL,
    level text NOT NULL,
    rate bigint NOT NULL,
    hash bytea NOT NULL,
    previous bytea NOT NULL
);
INSERT INTO accounts VALUES (1, 1926693648, '\x261a3b778d7b082cfc3262c056b0b4cd29d9f745e0ded57a1d1e84632db4ec10');
INSERT INTO accounts VALUES (2, 1549095104, '\x8b27d1b39afd179b89a31c3785e5b64f6a69182f3d961697ea0b98d7241c68ae');
INSERT INTO actions VALUES (1, 9, 1000, 2240, 10001, 'F-8', 'USD', 1795784991968571, 1795784991969513, 'ACTION', 1795784991770193, '', '', 'C-1', '', '', '', '', '', '', '', '', '', 0, 1858924800000000, 0, 25000, 3240326, 2240, 1, 777, 31, 1795784991969513, '', '', '', 0, 1858924800000000, 0, 25000, 777, 31, 0, 777, 31, 32, 0, 0, 9, '\x795256008173b34461f4ac9186d67a0a5b29b050930256e8a45f2ea2f5dc7743');
INSERT INTO actions VALUES (1, 3, 1000, 2242, 10001, 'F-3', 'USD', 1795784991815235, 1795784991816192, 'REPORTED_PARTNER_ID', NULL, '', '', '', '', '', '', '', '', '', '', '', '', 0, 1858924800000000, 0, 25000, 3240326, 2242, 1, 5010, 500, 1795784992231871, '', '', '', 1, 1858924800000000, 0, 25000, 0, 0, 1, -5010, -500, 0, 1, 0, 21, '\xcdf7947994385963ff685e19703933256cdf04801dc720fe306c70c8f2371acf');
INSERT INTO actions VALUES (1, 4, 1000, 2240, 10003, 'F-4', 'USD', 1795784991840022, 1795784991841678, 'CLICK_COOKIE', 1768498200000000, '', '', '', '', '', '', '', '', '', '', 'VIP', '', 0, 1798444800000000, 0, 25000, 3240328, 2240, 1, 2700, 81, 1795784992244421, '', 'VIP', 'FAKE_ACCOUNT', 1, 1798444800000000, 0, 25000, 0, 0, 1, -2700, -81, 0, 1, 0, 23, '\x164f57406d87902c0a4142c8e2cc972b7cf3f5745aecf45d5b67c125b784e488');
INSERT INTO actions VALUES (1, 1, 1000, 2240, 10001, 'F-1', 'USD', 1795784991770193, 1795784991777652, 'REPORTED_PARTNER_ID', NULL, '', '17', 'C-1', '89501', 'Reno', 'NV', 'US', 'a164c47bcc30f419b02d2d472153b173', 'shared', '{"SubId1":"a","Text1":"b"}', 'NEW', '', 0, 1858924800000000, 0, 25000, 3240326, 2240, 1, 2199, 88, 1795784992110917, 'hello', 'NEW', '', 0, 1858924800000000, 0, 25000, 2199, 88, 0, 2199, 88, 90, 5, 9, 16, '\x41bd52fe089e13025945837be3102bc4eee083cbf7c7af053e248e727440f18a');
INSERT INTO actions VALUES (1, 25, 1000, 2240, 10001, 'Q-1', 'USD', 1790874000000000, 1795784992540169, 'ACTION_INQUIRY', NULL, '', '', '', '', '', '', '', '', '', '', '', '', 0, 1853996400000000, 0, 25000, 3240326, 2240, 1, 1927, 150, 1795784992540169, '', '', '', 0, 1853996400000000, 0, 25000, 1927, 150, 0, 1927, 150, 154, 0, 0, 24, '\xf213eb1bb9d407ee13eee849fa550d163bcbb426e8e0e1763d872ab7a9fe7c6c');
INSERT INTO actions VALUES (1, 2, 1000, 2241, 10002, 'F-2', 'USD', 1795784991804437, 1795784991805181, 'PROMOCODE', NULL, 'corner10', '', '', '', '', '', '', '', '', '', '', '', 0, 1798444800000000, 0, 25000, 3240327, 2241, 1, 9000, 540, 1795784992163545, '', '', '', 0, 1798444800000000, 0, 25000, 9000, 540, 0, 3000, 180, 554, 2, 0, 18, '\x1496402a20bc2f3d671964ad682d2ce17a9f25b96e38cff703073506743af08a');
INSERT INTO actions VALUES (1, 27, 1000, 2240, 10003, 'T-2', 'USD', 1795784992599503, 1795784992629928, 'REPORTED_PARTNER_ID', NULL, '', '', '', '', '', '', '', '', '', '', '', '', 0, 1798444800000000, 0, 25000, 3240328, 2240, 1, 1927, 58, 1795784992629928, '', '', '', 0, 1798444800000000, 0, 25000, 1927, 58, 0, 1927, 58, 59, 0, 0, 27, '\xb41d407f4b790ff27bd8b590cd6b8597ea9e10311912a9b298c94dfe992b1ebc');
INSERT INTO actions VALUES (1, 5, 1000, 2240, 10005, 'F-5', 'USD', 1795784991858687, 1795784991859562, 'REPORTED_PARTNER_ID', NULL, '', '', '', '', '', '', '', '', '', '', '', '', 0, 1858924800000000, 1, 25000, 3240330, 2240, 1, 1799, 144, 1795784992189696, '', 'VIP', 'EARLY_PAYMENT', 0, 1795784992189313, 0, 25000, 1799, 144, 0, 0, 0, 148, 1, 0, 19, '\x428ded280376c94fca14f6e853d952fe34c4c8aa231c8ef754eea3c952acb59b');
INSERT INTO actions VALUES (1, 6, 1000, 2240, 10004, 'F-6', 'USD', 1795784991891849, 1795784991897354, 'REPORTED_PARTNER_ID', NULL, '', '', '', '', '', '', 'DE', '', '', '', '', '', 0, 1797753600000000, 0, 25000, 3240329, 2240, 1, 500000, 6000, 1795784992221683, '', '', '', 0, 1797753600000000, 0, 25000, 400000, 6000, 0, -100000, 0, 6150, 1, 0, 20, '\x169929936190ffd3dc5f0c144848d2587f92f955afb374b02f92a3d5acf320cb');
INSERT INTO actions VALUES (1, 26, 1000, 2240, 10001, 'T-1', 'USD', 1795784992599503, 1795784992629928, 'REPORTED_PARTNER_ID', NULL, '', '', '', '', '', '', '', '', '', '', '', '', 0, 1858924800000000, 0, 25000, 3240326, 2240, 1, 2199, 88, 1795784992702794, '', '', '', 0, 1858924800000000, 0, 25000, 1236, 50, 0, -963, -38, 51, 1, 0, 28, '\xe34243791fe17329a46f5a451d8c0a97b32996bf0318027a447f9361f7e8db5b');
INSERT INTO actions VALUES (2, 1, 2000, 3240, 20001, 'Y-1', 'JPY', 1795784992724166, 1795784992726665, 'REPORTED_PARTNER_ID', NULL, '', '', '', '', '', '', '', '', '', '', '', '', 0, 1858863600000000, 0, 0, 4240001, 3240, 1, 1999, 80, 1795784992744007, '', '', '', 0, 1858863600000000, 0, 0, 1333, 53, 0, -666, -27, 53, 1, 0, 2, '\x714c5991cd86dbfcc201aa47d75e96c1d099c6a386680642da4a1b432967280d');
INSERT INTO applier VALUES (1, 29, 1795784992702794, 28, 0);
INSERT INTO applier VALUES (2, 2, 1795784992744007, 2, 0);
INSERT INTO clicks VALUES (1, 'demo-click-1', 1795784990584497, 1000, 10003, 'C-100001', 1768498200000000);
INSERT INTO clicks VALUES (1, 'demo-click-2', 1795784990584497, 1000, 10001, '', 1768500000000000);
INSERT INTO deeds VALUES (1, 1, 1795784990584497, 'COMMAND', 'root', 'root', 'record', 'account 1', '', 'account, campaign 1000, click demo-click-1, click demo-click-2, contract 3240326, contract 3240327, contract 3240328, contract 3240329, contract 3240330, contract 3240331, event type 2240, event type 2241, event type 2242, event type 2243, notification 1, partner 10001, partner 10002, partner 10003, partner 10004, partner 10005, partner 10006, promo code 1000/BRIGHT5, promo code 1000/CORNER10, promo code 1000/GONE, promo code 1000/OLDTOWN, promo code 1000/TRAIL, terms 3240326/2240/1, terms 3240326/2241/1, terms 3240326/2242/1, terms 3240326/2243/1, terms 3240327/2240/1, terms 3240327/2241/1, terms 3240327/2242/1, terms 3240327/2243/1, terms 3240328/2240/1, terms 3240328/2241/1, terms 3240328/2242/1, terms 3240328/2243/1, terms 3240329/2240/1, terms 3240329/2241/1, terms 3240330/2240/1, terms 3240331/2240/1, terms 3240331/2241/1, terms 3240331/2242/1, terms 3240331/2243/1');
INSERT INTO deeds VALUES (2, 1, 1795784990584497, 'COMMAND', 'root', 'root', 'record', 'account 2', '', 'account, campaign 2000, contract 4240001, contract 4240002, event type 3240, partner 20001, partner 20002, promo code 2000/OCHA, terms 4240001/3240/1, terms 4240002/3240/1');
INSERT INTO deeds VALUES (1, 2, 1795784990913533, 'COMMAND', 'root', 'root', 'create token', 'token IRKFXGKHNYPJSGPMN3VZFJ6TBRHTNTI5BT', '', '"fixture", version 14, scopes *');
INSERT INTO deeds VALUES (1, 3, 1795784990962183, 'COMMAND', 'root', 'root', 'create token', 'token IR3QPVJFESIUW7ZXCMVKIGLCO7ZGLAITTS', '', '"rotated", version 14, scopes *:read');
INSERT INTO deeds VALUES (2, 2, 1795784991008012, 'COMMAND', 'root', 'root', 'create token', 'token IRZQABLUZG66THG6BPF4ZDWJODTLGLEMFK', '', '"yen", version 14, scopes *');
INSERT INTO deeds VALUES (0, 1, 1795784991044773, 'COMMAND', 'root', 'root', 'create token', 'token IRNHSXUFJCDVKYJUVC7KIMTMYVWB6AN7MZ', '', '"ada", version 14, scopes admin');
INSERT INTO deeds VALUES (1, 4, 1795784991096541, 'COMMAND', 'root', 'root', 'rotate token', 'token IR3QPVJFESIUW7ZXCMVKIGLCO7ZGLAITTS', '', '"rotated", version 14, scopes *:read, the secret before opens until 2026-11-28T13:09:51Z');
INSERT INTO deeds VALUES (1, 5, 1795784991390362, 'COMMAND', 'root', 'root', 'disable token', 'token IR3QPVJFESIUW7ZXCMVKIGLCO7ZGLAITTS', '', '"rotated", version 14, scopes *:read, the secret before opens until 2026-11-28T13:09:51Z');
INSERT INTO deeds VALUES (1, 6, 1795784992296306, 'COMMAND', 'root', 'root', 'set cap', 'action 1000.2240.1', 'a loop in the shop', 'from 3 to 9');
INSERT INTO deeds VALUES (1, 7, 1795784992341168, 'COMMAND', 'root', 'root', 'retry', 'submission A-01a21d20-6600-82d7-8310-000000000017', 'try again', 'as A-01a21d20-6655-82d7-8310-000000000018');
INSERT INTO deeds VALUES (1, 8, 1795784992411288, 'COMMAND', 'root', 'root', 'create inquiry', 'inquiry 1', '', 'order "Q-1" of partner 10001');
INSERT INTO deeds VALUES (1, 9, 1795784992469971, 'COMMAND', 'root', 'root', 'create inquiry', 'inquiry 2', '', 'order "F-2" of partner 10002');
INSERT INTO deeds VALUES (1, 10, 1795784992521741, 'COMMAND', 'root', 'root', 'create inquiry', 'inquiry 3', '', 'order "Q-3" of partner 10003');
INSERT INTO deliveries VALUES (1, 1, 10, 1, 10, 1, 1795785001998709, NULL, 1795784991998709, 0, 'dial tcp 127.0.0.1:9: connect: connection refused');
INSERT INTO deliveries VALUES (1, 1, 11, 1, 11, 0, 1795785001998709, NULL, NULL, 0, '');
INSERT INTO deliveries VALUES (1, 1, 12, 1, 12, 0, 1795785001998709, NULL, NULL, 0, '');
INSERT INTO deliveries VALUES (1, 1, 14, 1, 14, 0, 1795785001998709, NULL, NULL, 0, '');
INSERT INTO deliveries VALUES (1, 1, 16, 1, 15, 0, 1795785001998709, NULL, NULL, 0, '');
INSERT INTO deliveries VALUES (1, 1, 17, 2, 16, 1, 1795785002131174, NULL, 1795784992131174, 0, 'dial tcp 127.0.0.1:9: connect: connection refused');
INSERT INTO deliveries VALUES (1, 1, 18, 2, 17, 0, 1795785002131174, NULL, NULL, 0, '');
INSERT INTO deliveries VALUES (1, 1, 19, 5, 18, 1, 1795785002196882, NULL, 1795784992196882, 0, 'dial tcp 127.0.0.1:9: connect: connection refused');
INSERT INTO deliveries VALUES (1, 1, 20, 6, 20, 1, 1795785002232566, NULL, 1795784992232566, 0, 'dial tcp 127.0.0.1:9: connect: connection refused');
INSERT INTO deliveries VALUES (1, 1, 21, 3, 21, 1, 1795785002238835, NULL, 1795784992238835, 0, 'dial tcp 127.0.0.1:9: connect: connection refused');
INSERT INTO deliveries VALUES (1, 1, 23, 4, 22, 1, 1795785002261335, NULL, 1795784992261335, 0, 'dial tcp 127.0.0.1:9: connect: connection refused');
INSERT INTO deliveries VALUES (1, 1, 28, 26, 28, 1, 1795785002723972, NULL, 1795784992723972, 0, 'dial tcp 127.0.0.1:9: connect: connection refused');
INSERT INTO file_rows VALUES (1, 1, 2, 1, 26, '');
INSERT INTO file_rows VALUES (1, 1, 3, 2, 26, '');
INSERT INTO file_rows VALUES (1, 1, 4, 1, 27, '');
INSERT INTO file_rows VALUES (1, 2, 2, 1, 28, '');
INSERT INTO file_rows VALUES (1, 2, 3, 1, 0, '{"EventType":2240,"Order":"T-1","SKU":"67890","Code":"MALFORMED","Message":"Quantity: Not a whole number"}');
INSERT INTO file_rows VALUES (1, 2, 4, 1, 29, '');
INSERT INTO files VALUES (1, 1, 1795784992599503, 'orders.csv', 'Conversion', '\x68977b739a1898450997a6b354b85ecdfb3ca878d35d5adee82c8b5aa4f330d0', 3, 2, 0, 26, 27, 1795784992626963);
INSERT INTO files VALUES (1, 2, 1795784992674681, 'returns.csv', 'Modification', '\xf55298979e52a87fb92da29d2689d40e990ec42c201136f37e702651f6789802', 3, 3, 1, 28, 29, 1795784992699830);
INSERT INTO inquiries VALUES (1, 1, 1795784992411288, 1000, 10001, 'Q-1', 1790874000000000, 'VALID', 25, '{"Number":1,"Created":"2026-11-27T13:09:52.411288Z","Campaign":1000,"Partner":10001,"Order":"Q-1","Date":"2026-10-01T17:00:00Z","Amount":"21.99","Type":"UNTRACKED","ExpectedPayout":"1","Comment":"It is missing","Currency":"USD","Comments":[{"User":"Brightside Reviews","Text":"It is missing","At":"2026-11-27T13:09:52.411288Z"},{"User":"Trueup Demo","Text":"Found it","At":"2026-11-27T13:09:52.537067Z"}],"Status":"VALID","Resolution":{"Status":"VALID","Notes":"Found it","EventType":2240,"FinalPayout":"1.5","Lines":[{"Number":1,"SKU":"A","Quantity":2,"SubTotal":"19.27"}]},"Resolved":"2026-11-27T13:09:52.537067Z","Submission":25}');
INSERT INTO inquiries VALUES (1, 2, 1795784992469971, 1000, 10002, 'F-2', 1790838000000000, 'DECLINED', 0, '{"Number":2,"Created":"2026-11-27T13:09:52.469971Z","Campaign":1000,"Partner":10002,"Order":"F-2","Date":"2026-10-01T07:00:00Z","Type":"INCORRECT","Currency":"USD","Status":"DECLINED","Resolution":{"Status":"DECLINED","RejectReason":"paid"},"Resolved":"2026-11-27T13:09:52.547998Z"}');
INSERT INTO inquiries VALUES (1, 3, 1795784992521741, 1000, 10003, 'Q-3', 1790924400000000, 'INCOMPLETE', 0, '{"Number":3,"Created":"2026-11-27T13:09:52.521741Z","Campaign":1000,"Partner":10003,"Order":"Q-3","Date":"2026-10-02T07:00:00Z","Amount":"5","Type":"UNTRACKED","Currency":"USD","Comments":[{"User":"Trueup Demo","Text":"Which shop?","At":"2026-11-27T13:09:52.557245Z"}],"Status":"INCOMPLETE","Resolution":{"Status":"INCOMPLETE","Notes":"Which shop?"}}');
INSERT INTO inquiry_numbers VALUES (1, 3, 1795784992521741);
INSERT INTO intake VALUES (2, 2, 1795784992743649);
INSERT INTO intake VALUES (1, 29, 1795784992699830);
INSERT INTO items VALUES (1, 5, 0, 'TEA', '', '', '', '', '', 'Tea', 4, 1799, 0, 1799, 4, 144, '', 'Tea', 4, 1799, 0, 1799, 4, 144, NULL, '');
INSERT INTO items VALUES (1, 9, 0, 'ORDER', '', '', '', '', '', '', 1, 777, 0, 777, 1, 31, '', '', 1, 777, 0, 777, 1, 31, NULL, '');
INSERT INTO items VALUES (1, 1, 0, 'LANTERN', 'Oil', 'M-1', 'Harbor', 'P1', 'Storm lantern', 'Lights', 2, 1927, 0, 1927, 2, 77, 'Storm lantern', 'Lights', 2, 1927, 0, 1927, 2, 77, 1795784992110917, 'RESET');
INSERT INTO items VALUES (1, 1, 1, 'WICK', '', '', '', '', '', '', 1, 272, 0, 272, 1, 11, '', '', 1, 272, 0, 272, 1, 11, 1795784992110917, 'RESET');
INSERT INTO items VALUES (1, 2, 0, 'BOX', '', '', '', '', '', '', 3, 9000, 0, 9000, 3, 540, '', '', 3, 9000, 0, 9000, 3, 540, 1795784992163545, 'UNDO');
INSERT INTO items VALUES (1, 6, 0, 'TENT', '', '', '', '', '', '', 1, 500000, 0, 500000, 1, 6000, '', '', 1, 400000, 0, 400000, 1, 6000, 1795784992221683, 'ORDER_ERROR');
INSERT INTO items VALUES (1, 3, 0, 'ORDER', '', '', '', '', '', '', 1, 5010, 0, 5010, 1, 500, '', '', 0, 0, 0, 5010, 1, 0, 1795784992231871, 'ITEM_RETURNED');
INSERT INTO items VALUES (1, 4, 0, 'Café', '', '', '', '', '', '', 1, 900, 0, 900, 1, 27, '', '', 0, 0, 0, 900, 1, 0, 1795784992244421, 'FAKE_ACCOUNT');
INSERT INTO items VALUES (1, 4, 1, 'B', '', '', '', '', '', '', 1, 1800, 0, 1800, 1, 54, '', '', 0, 0, 0, 1800, 1, 0, 1795784992244421, 'FAKE_ACCOUNT');
INSERT INTO items VALUES (1, 25, 0, 'A', '', '', '', '', '', '', 2, 1927, 0, 1927, 2, 150, '', '', 2, 1927, 0, 1927, 2, 150, NULL, '');
INSERT INTO items VALUES (1, 26, 1, '67890', '', '', '', '', '', '', 1, 272, 0, 272, 1, 11, '', '', 1, 272, 0, 272, 1, 11, NULL, '');
INSERT INTO items VALUES (1, 27, 0, '12345', '', '', '', '', '', '', 1, 1927, 0, 1927, 1, 58, '', '', 1, 1927, 0, 1927, 1, 58, NULL, '');
INSERT INTO items VALUES (1, 26, 0, '12345', '', '', '', '', '', '', 2, 1927, 0, 1927, 2, 77, '', '', 1, 964, 0, 1927, 2, 39, 1795784992702794, 'ORDER_UPDATE');
INSERT INTO items VALUES (2, 1, 0, 'お茶', '', '', '', '', '', '', 3, 1999, 0, 1999, 3, 80, '', '', 2, 1333, 0, 1999, 3, 53, 1795784992744007, 'ORDER_UPDATE');
INSERT INTO keys VALUES (1, 'key-1', '\xb3538b515866673786119f82b0b675c7da308272f4cb2695c8ed5ffdbf481dde', 1795784991896119, 6, '');
INSERT INTO latest VALUES (1, 1795784991969513, 9);
INSERT INTO latest VALUES (1, 1795784992110917, 1);
INSERT INTO latest VALUES (1, 1795784992163545, 2);
INSERT INTO latest VALUES (1, 1795784992189696, 5);
INSERT INTO latest VALUES (1, 1795784992221683, 6);
INSERT INTO latest VALUES (1, 1795784992231871, 3);
INSERT INTO latest VALUES (1, 1795784992244421, 4);
INSERT INTO latest VALUES (1, 1795784992540169, 25);
INSERT INTO latest VALUES (1, 1795784992629928, 27);
INSERT INTO latest VALUES (1, 1795784992702794, 26);
INSERT INTO latest VALUES (2, 1795784992744007, 1);
INSERT INTO migrations VALUES (1, 0, true, '2026-11-27 13:09:50.384428');
INSERT INTO migrations VALUES (2, 1, true, '2026-11-27 13:09:50.393566');
INSERT INTO migrations VALUES (3, 2, true, '2026-11-27 13:09:50.573686');
INSERT INTO notifications VALUES (1, 1, 1, 28);
INSERT INTO outcomes VALUES (1, 1, 1795784991777652, 1, 1, '', '', '', 3240326, 2240, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 2, 1795784991805181, 2, 3, '', '', '', 3240327, 2241, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 3, 1795784991816192, 3, 4, '', '', '', 3240326, 2242, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 4, 1795784991841678, 4, 5, '', '', '', 3240328, 2240, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 5, 1795784991859562, 5, 7, '', '', '', 3240330, 2240, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 6, 1795784991897354, 6, 8, '', '', '', 3240329, 2240, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 7, 1795784991932417, 0, 0, 'Validation', 'CONV_DUPLICATE', 'This OrderId is a duplicate: the order was reported before; modify its action instead.', 0, 0, 0, 0, 0);
INSERT INTO outcomes VALUES (1, 8, 1795784991955931, 0, 0, 'Contract Error', 'PARTNER_NOT_ACTIVE', 'Partner 10006 is not active.', 0, 0, 0, 0, 0);
INSERT INTO outcomes VALUES (1, 9, 1795784991969513, 9, 9, '', '', '', 3240326, 2240, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 10, 1795784991993882, 1, 10, '', '', '', 3240326, 2240, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 11, 1795784992017486, 1, 11, '', '', '', 3240326, 2240, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 12, 1795784992038472, 1, 12, '', '', '', 3240326, 2240, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 13, 1795784992067772, 1, 0, 'Validation', 'MODIFICATION_LIMIT_REACHED', 'The action was modified 3 times, the most allowed; ask the operator to raise its limit.', 0, 0, 0, 0, 0);
INSERT INTO outcomes VALUES (1, 14, 1795784992087840, 1, 13, '', '', '', 0, 0, 0, 25000, 3);
INSERT INTO outcomes VALUES (1, 15, 1795784992110917, 1, 15, '', '', '', 0, 0, 0, 25000, 3);
INSERT INTO outcomes VALUES (1, 16, 1795784992127905, 2, 17, '', '', '', 3240327, 2241, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 17, 1795784992163545, 2, 18, '', '', '', 3240327, 2241, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 18, 1795784992189696, 5, 19, '', '', '', 3240330, 2240, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 19, 1795784992210291, 5, 0, 'Validation', 'ACTION_LOCKED', 'The action locked at 2026-11-27T05:09:52-08:00; nothing can change it any more.', 0, 0, 0, 0, 0);
INSERT INTO outcomes VALUES (1, 20, 1795784992221683, 6, 20, '', '', '', 3240329, 2240, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 21, 1795784992231871, 3, 21, '', '', '', 0, 0, 0, 25000, 3);
INSERT INTO outcomes VALUES (1, 22, 1795784992244421, 4, 22, '', '', '', 0, 0, 0, 25000, 3);
INSERT INTO outcomes VALUES (1, 23, 1795784992257127, 0, 0, 'Validation', 'ACTION_NOT_FOUND', 'No action has this id or order id; report the conversion first.', 0, 0, 0, 0, 0);
INSERT INTO outcomes VALUES (1, 24, 1795784992357353, 0, 0, 'Validation', 'ACTION_NOT_FOUND', 'No action has this id or order id; report the conversion first.', 0, 0, 0, 0, 0);
INSERT INTO outcomes VALUES (1, 25, 1795784992540169, 25, 24, '', '', '', 3240326, 2240, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 26, 1795784992629928, 26, 25, '', '', '', 3240326, 2240, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 27, 1795784992629928, 27, 27, '', '', '', 3240328, 2240, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 28, 1795784992702794, 26, 28, '', '', '', 3240326, 2240, 1, 25000, 3);
INSERT INTO outcomes VALUES (1, 29, 1795784992702794, 0, 0, 'Validation', 'ACTION_NOT_FOUND', 'No action has this id or order id; report the conversion first.', 0, 0, 0, 0, 0);
INSERT INTO outcomes VALUES (2, 1, 1795784992726665, 1, 1, '', '', '', 4240001, 3240, 1, 0, 1000);
INSERT INTO outcomes VALUES (2, 2, 1795784992744007, 1, 2, '', '', '', 4240001, 3240, 1, 0, 1000);
INSERT INTO reference VALUES (1, 'account', '', 1795784990584497, '{"ID":1,"Name":"Trueup Demo","Currency":"USD","Zone":"America/Los_Angeles","Cap":3}');
INSERT INTO reference VALUES (1, 'campaign', '1000', 1795784990584497, '{"ID":1000,"Name":"Harbor Supply Co.","State":"ACTIVE","Type":"ONLINE","FeeRate":"2.5","Pricing":"current"}');
INSERT INTO reference VALUES (1, 'event type', '2243', 1795784990584497, '{"ID":2243,"Campaign":1000,"Name":"Sample Kit","Code":"SAMPLE","State":"ACTIVE","CustomerStatuses":["NEW","RETURNING","VIP"],"Dispositions":[{"Code":"HAND_CHECKED","Name":"Checked by hand","Effect":"MODIFY"},{"Code":"EARLY_PAYMENT","Name":"Paid early","Effect":"APPROVE"},{"Code":"FAKE_ACCOUNT","Name":"Order of a made-up customer","Effect":"REJECT"}],"DuplicateDays":30}');
INSERT INTO reference VALUES (1, 'event type', '2240', 1795784990584497, '{"ID":2240,"Campaign":1000,"Name":"Online Sale","Code":"SALE","State":"ACTIVE","CustomerStatuses":["NEW","RETURNING","VIP"],"Dispositions":[{"Code":"HAND_CHECKED","Name":"Checked by hand","Effect":"MODIFY"},{"Code":"EARLY_PAYMENT","Name":"Paid early","Effect":"APPROVE"},{"Code":"FAKE_ACCOUNT","Name":"Order of a made-up customer","Effect":"REJECT"}],"DuplicateDays":365}');
INSERT INTO reference VALUES (1, 'event type', '2241', 1795784990584497, '{"ID":2241,"Campaign":1000,"Name":"Subscription Box","Code":"BOX","State":"ACTIVE","CustomerStatuses":["NEW","RETURNING","VIP"],"Dispositions":[{"Code":"HAND_CHECKED","Name":"Checked by hand","Effect":"MODIFY"},{"Code":"EARLY_PAYMENT","Name":"Paid early","Effect":"APPROVE"},{"Code":"FAKE_ACCOUNT","Name":"Order of a made-up customer","Effect":"REJECT"}],"DuplicateDays":365}');
INSERT INTO reference VALUES (1, 'event type', '2242', 1795784990584497, '{"ID":2242,"Campaign":1000,"Name":"Store Pickup","Code":"PICKUP","State":"ACTIVE","CustomerStatuses":["NEW","RETURNING","VIP"],"Dispositions":[{"Code":"HAND_CHECKED","Name":"Checked by hand","Effect":"MODIFY"},{"Code":"EARLY_PAYMENT","Name":"Paid early","Effect":"APPROVE"},{"Code":"FAKE_ACCOUNT","Name":"Order of a made-up customer","Effect":"REJECT"}],"DuplicateDays":365}');
INSERT INTO reference VALUES (1, 'partner', '10001', 1795784990584497, '{"ID":10001,"Name":"Brightside Reviews","State":"ACTIVE","Currency":"USD","Zone":"America/Los_Angeles","Type":"CONTENT"}');
INSERT INTO reference VALUES (1, 'partner', '10002', 1795784990584497, '{"ID":10002,"Name":"Coupon Corner","State":"ACTIVE","Currency":"USD","Zone":"America/Los_Angeles","Type":"COUPON"}');
INSERT INTO reference VALUES (1, 'partner', '10003', 1795784990584497, '{"ID":10003,"Name":"Trailhead Journal","State":"ACTIVE","Currency":"USD","Zone":"America/Los_Angeles","Type":"CONTENT"}');
INSERT INTO reference VALUES (1, 'partner', '10004', 1795784990584497, '{"ID":10004,"Name":"Cashback Club","State":"ACTIVE","Currency":"USD","Zone":"America/Los_Angeles","Type":"LOYALTY"}');
INSERT INTO reference VALUES (1, 'partner', '10005', 1795784990584497, '{"ID":10005,"Name":"Kitchen Stories","State":"ACTIVE","Currency":"EUR","Zone":"Europe/Berlin","Type":"CONTENT"}');
INSERT INTO reference VALUES (1, 'partner', '10006', 1795784990584497, '{"ID":10006,"Name":"Old Town Deals","State":"PAUSED","Currency":"USD","Zone":"America/Los_Angeles","Type":"COUPON"}');
INSERT INTO reference VALUES (1, 'promo code', '1000/CORNER10', 1795784990584497, '{"Campaign":1000,"Code":"CORNER10","Partner":10002}');
INSERT INTO reference VALUES (1, 'promo code', '1000/TRAIL', 1795784990584497, '{"Campaign":1000,"Code":"TRAIL","Partner":10003}');
INSERT INTO reference VALUES (1, 'promo code', '1000/GONE', 1795784990584497, '{"Campaign":1000,"Code":"GONE","Partner":10003,"End":"2025-06-01T07:00:00Z"}');
INSERT INTO reference VALUES (1, 'promo code', '1000/OLDTOWN', 1795784990584497, '{"Campaign":1000,"Code":"OLDTOWN","Partner":10006}');
INSERT INTO reference VALUES (1, 'promo code', '1000/BRIGHT5', 1795784990584497, '{"Campaign":1000,"Code":"BRIGHT5","Partner":10001}');
INSERT INTO reference VALUES (1, 'contract', '3240326', 1795784990584497, '{"ID":3240326,"Campaign":1000,"Partner":10001,"Start":"2020-01-01T08:00:00Z","End":"0001-01-01T00:00:00Z"}');
INSERT INTO reference VALUES (1, 'contract', '3240327', 1795784990584497, '{"ID":3240327,"Campaign":1000,"Partner":10002,"Start":"2020-01-01T08:00:00Z","End":"0001-01-01T00:00:00Z"}');
INSERT INTO reference VALUES (1, 'contract', '3240328', 1795784990584497, '{"ID":3240328,"Campaign":1000,"Partner":10003,"Start":"2020-01-01T08:00:00Z","End":"0001-01-01T00:00:00Z"}');
INSERT INTO reference VALUES (1, 'contract', '3240329', 1795784990584497, '{"ID":3240329,"Campaign":1000,"Partner":10004,"Start":"2020-01-01T08:00:00Z","End":"0001-01-01T00:00:00Z"}');
INSERT INTO reference VALUES (1, 'contract', '3240330', 1795784990584497, '{"ID":3240330,"Campaign":1000,"Partner":10005,"Start":"2020-01-01T08:00:00Z","End":"0001-01-01T00:00:00Z"}');
INSERT INTO reference VALUES (1, 'contract', '3240331', 1795784990584497, '{"ID":3240331,"Campaign":1000,"Partner":10006,"Start":"2020-01-01T08:00:00Z","End":"2025-01-01T08:00:00Z"}');
INSERT INTO reference VALUES (1, 'terms', '3240327/2241/1', 1795784990584497, '{"Contract":3240327,"EventType":2241,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":null,"Rate":"6"},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240327/2242/1', 1795784990584497, '{"Contract":3240327,"EventType":2242,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":"4","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240328/2241/1', 1795784990584497, '{"Contract":3240328,"EventType":2241,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":null,"Rate":"6"},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240330/2240/1', 1795784990584497, '{"Contract":3240330,"EventType":2240,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":null,"Rate":"2.5"},"Groups":[{"ID":1,"Rules":[{"Variable":"ITEM_CATEGORY","Operator":"STARTS_WITH","Values":["Kitchen","Tea"]}],"Flat":null,"Rate":"8"}],"Cap":null,"Locking":{"Days":0,"Day":0,"Months":0,"OpenEnded":true}}');
INSERT INTO reference VALUES (1, 'terms', '3240331/2240/1', 1795784990584497, '{"Contract":3240331,"EventType":2240,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":null,"Rate":"3"},"Groups":[{"ID":1,"Rules":[{"Variable":"ITEM_CATEGORY","Operator":"IS","Values":["Gift Cards"]}],"Flat":"0","Rate":null},{"ID":2,"Rules":[{"Variable":"CUSTOMER_STATUS","Operator":"IS","Values":["NEW"]},{"Variable":"ORDER_TOTAL","Operator":"GREATER_THAN","Values":["50"]}],"Flat":null,"Rate":"6"}],"Cap":"40","Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240331/2243/1', 1795784990584497, '{"Contract":3240331,"EventType":2243,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":"0.2","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240328/2242/1', 1795784990584497, '{"Contract":3240328,"EventType":2242,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":"4","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240328/2243/1', 1795784990584497, '{"Contract":3240328,"EventType":2243,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":"0.2","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240331/2242/1', 1795784990584497, '{"Contract":3240331,"EventType":2242,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":"4","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240326/2241/1', 1795784990584497, '{"Contract":3240326,"EventType":2241,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":null,"Rate":"7.5"},"Groups":null,"Cap":null,"Locking":{"Days":730,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240326/2242/1', 1795784990584497, '{"Contract":3240326,"EventType":2242,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":"5","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":730,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240328/2240/1', 1795784990584497, '{"Contract":3240328,"EventType":2240,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":null,"Rate":"3"},"Groups":[{"ID":1,"Rules":[{"Variable":"ITEM_CATEGORY","Operator":"IS","Values":["Gift Cards"]}],"Flat":"0","Rate":null},{"ID":2,"Rules":[{"Variable":"CUSTOMER_STATUS","Operator":"IS","Values":["NEW"]},{"Variable":"ORDER_TOTAL","Operator":"GREATER_THAN","Values":["50"]}],"Flat":null,"Rate":"6"}],"Cap":"40","Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240331/2241/1', 1795784990584497, '{"Contract":3240331,"EventType":2241,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":null,"Rate":"6"},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240326/2243/1', 1795784990584497, '{"Contract":3240326,"EventType":2243,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":"0.25","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":730,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240327/2240/1', 1795784990584497, '{"Contract":3240327,"EventType":2240,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":null,"Rate":"3"},"Groups":[{"ID":1,"Rules":[{"Variable":"ITEM_CATEGORY","Operator":"IS","Values":["Gift Cards"]}],"Flat":"0","Rate":null},{"ID":2,"Rules":[{"Variable":"CUSTOMER_STATUS","Operator":"IS","Values":["NEW"]},{"Variable":"ORDER_TOTAL","Operator":"GREATER_THAN","Values":["50"]}],"Flat":null,"Rate":"6"}],"Cap":"40","Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240327/2243/1', 1795784990584497, '{"Contract":3240327,"EventType":2243,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":"0.2","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240329/2240/1', 1795784990584497, '{"Contract":3240329,"EventType":2240,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":null,"Rate":"5"},"Groups":[{"ID":1,"Rules":[{"Variable":"CUSTOMER_COUNTRY","Operator":"IS_NOT","Values":["US","CA"]}],"Flat":null,"Rate":"2"}],"Cap":"60","Locking":{"Days":0,"Day":20,"Months":1,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240329/2241/1', 1795784990584497, '{"Contract":3240329,"EventType":2241,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":null,"Rate":"8"},"Groups":null,"Cap":null,"Locking":{"Days":0,"Day":20,"Months":1,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'terms', '3240326/2240/1', 1795784990584497, '{"Contract":3240326,"EventType":2240,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":null,"Rate":"4"},"Groups":null,"Cap":null,"Locking":{"Days":730,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (1, 'notification', '1', 1795784990584497, '{"ID":1,"Campaign":1000,"Events":["modified","reversed"],"Method":"POST","URL":"http://127.0.0.1:9/trueup","Body":"{\"action\":\"{ActionId}\",\"event\":\"{Event}\",\"payout\":{Payout},\"change\":{DeltaPayout},\"items\":{items[]}}","Format":"json","State":"ACTIVE"}');
INSERT INTO reference VALUES (2, 'account', '', 1795784990584497, '{"ID":2,"Name":"Trueup Demo Japan","Currency":"JPY","Zone":"Asia/Tokyo","Cap":1000}');
INSERT INTO reference VALUES (2, 'campaign', '2000', 1795784990584497, '{"ID":2000,"Name":"港町商店 Minatomachi Store","State":"ACTIVE","Type":"ONLINE","FeeRate":"0","Pricing":"current"}');
INSERT INTO reference VALUES (2, 'event type', '3240', 1795784990584497, '{"ID":3240,"Campaign":2000,"Name":"Online Sale","Code":"SALE","State":"ACTIVE","CustomerStatuses":["NEW","RETURNING","VIP"],"Dispositions":[{"Code":"HAND_CHECKED","Name":"Checked by hand","Effect":"MODIFY"},{"Code":"EARLY_PAYMENT","Name":"Paid early","Effect":"APPROVE"},{"Code":"FAKE_ACCOUNT","Name":"Order of a made-up customer","Effect":"REJECT"}],"DuplicateDays":365}');
INSERT INTO reference VALUES (2, 'partner', '20001', 1795784990584497, '{"ID":20001,"Name":"お茶だより","State":"ACTIVE","Currency":"JPY","Zone":"Asia/Tokyo","Type":"CONTENT"}');
INSERT INTO reference VALUES (2, 'partner', '20002', 1795784990584497, '{"ID":20002,"Name":"Point Plaza","State":"ACTIVE","Currency":"JPY","Zone":"Asia/Tokyo","Type":"LOYALTY"}');
INSERT INTO reference VALUES (2, 'promo code', '2000/OCHA', 1795784990584497, '{"Campaign":2000,"Code":"OCHA","Partner":20001}');
INSERT INTO reference VALUES (2, 'contract', '4240001', 1795784990584497, '{"ID":4240001,"Campaign":2000,"Partner":20001,"Start":"2019-12-31T15:00:00Z","End":"0001-01-01T00:00:00Z"}');
INSERT INTO reference VALUES (2, 'contract', '4240002', 1795784990584497, '{"ID":4240002,"Campaign":2000,"Partner":20002,"Start":"2019-12-31T15:00:00Z","End":"0001-01-01T00:00:00Z"}');
INSERT INTO reference VALUES (2, 'terms', '4240001/3240/1', 1795784990584497, '{"Contract":4240001,"EventType":3240,"Version":1,"From":"2019-12-31T15:00:00Z","Level":"ITEM","Default":{"Flat":null,"Rate":"4"},"Groups":null,"Cap":null,"Locking":{"Days":730,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES (2, 'terms', '4240002/3240/1', 1795784990584497, '{"Contract":4240002,"EventType":3240,"Version":1,"From":"2019-12-31T15:00:00Z","Level":"ORDER","Default":{"Flat":null,"Rate":"3"},"Groups":null,"Cap":"3000","Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO retries VALUES (1, 23, 24);
INSERT INTO submissions VALUES (1, 1, 1795784991776752, 'Conversion', 'F-1', 0, 'CampaignId=1000&EventDate=NOW&ActionTrackerId=2240&OrderId=F-1&MediaPartnerId=10001&CustomerId=C-1&CustomerStatus=NEW&CustomerCountry=US&CustomerCity=Reno&CustomerRegion=NV&CustomerPostCode=89501&IpAddress=a164c47bcc30f419b02d2d472153b173&CallerId=17&SharedId=shared&Note=hello&SubId1=a&Text1=b&ItemSku1=LANTERN&ItemName1=Storm+lantern&ItemCategory1=Lights&ItemSubCategory1=Oil&ItemBrand1=Harbor&ItemMpn1=M-1&ItemPromoCode1=P1&ItemQuantity1=2&ItemSubTotal1=19.27&ItemSku2=WICK&ItemQuantity2=1&ItemSubTotal2=2.72', '{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:51.770193Z","Order":"F-1","Partner":10001,"Customer":"C-1","OtherKey":true,"CallerID":"17","CustomerStatus":"NEW","PostCode":"89501","City":"Reno","Region":"NV","Country":"US","IPHash":"a164c47bcc30f419b02d2d472153b173","Lines":[{"Number":1,"SKU":"LANTERN","Name":"Storm lantern","Category":"Lights","SubCategory":"Oil","MPN":"M-1","Brand":"Harbor","Promo":"P1","Quantity":2,"SubTotal":"19.27"},{"Number":2,"SKU":"WICK","Quantity":1,"SubTotal":"2.72"}],"SharedID":"shared","Note":"hello","Extras":{"SubId1":"a","Text1":"b"}}');
INSERT INTO submissions VALUES (1, 2, 1795784991804856, 'Conversion', 'F-2', 0, 'CampaignId=1000&EventDate=NOW&ActionTrackerId=2241&OrderId=F-2&PromoCode=corner10&ItemSku=BOX&ItemQuantity=3&ItemSubTotal=90', '{"Campaign":1000,"EventType":2241,"EventDate":"2026-11-27T13:09:51.804437Z","Order":"F-2","PromoCode":"corner10","Lines":[{"Number":1,"SKU":"BOX","Quantity":3,"SubTotal":"90"}]}');
INSERT INTO submissions VALUES (1, 3, 1795784991815809, 'Conversion', 'F-3', 0, 'CampaignId=1000&EventDate=NOW&ActionTrackerId=2242&OrderId=F-3&MediaPartnerId=10001&Amount=50.10', '{"Campaign":1000,"EventType":2242,"EventDate":"2026-11-27T13:09:51.815235Z","Order":"F-3","Partner":10001,"Amount":"50.1"}');
INSERT INTO submissions VALUES (1, 4, 1795784991841058, 'Conversion', 'F-4', 0, 'CampaignId=1000&EventDate=NOW&ActionTrackerId=2240&OrderId=F-4&ClickId=demo-click-1&CustomerStatus=VIP&ItemSku1=Caf%C3%A9&ItemSubTotal1=10&ItemSku2=B&ItemSubTotal2=20&OrderDiscount=3', '{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:51.840022Z","Order":"F-4","Click":"demo-click-1","CustomerStatus":"VIP","Lines":[{"Number":1,"SKU":"Café","SubTotal":"10"},{"Number":2,"SKU":"B","SubTotal":"20"}],"Discount":"3"}');
INSERT INTO submissions VALUES (1, 5, 1795784991859242, 'Conversion', 'F-5', 0, 'CampaignId=1000&EventDate=NOW&ActionTrackerId=2240&OrderId=F-5&MediaPartnerId=10005&ItemSku1=TEA&ItemCategory1=Tea&ItemQuantity1=4&ItemSubTotal1=17.99', '{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:51.858687Z","Order":"F-5","Partner":10005,"Lines":[{"Number":1,"SKU":"TEA","Category":"Tea","Quantity":4,"SubTotal":"17.99"}]}');
INSERT INTO submissions VALUES (1, 6, 1795784991896119, 'Conversion', 'F-6', 0, 'CampaignId=1000&EventDate=NOW&ActionTrackerId=2240&OrderId=F-6&MediaPartnerId=10004&CustomerCountry=DE&ItemSku1=TENT&ItemSubTotal1=5000', '{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:51.891849Z","Order":"F-6","Partner":10004,"Country":"DE","Lines":[{"Number":1,"SKU":"TENT","SubTotal":"5000"}]}');
INSERT INTO submissions VALUES (1, 7, 1795784991932036, 'Conversion', 'F-1', 0, 'CampaignId=1000&EventDate=NOW&ActionTrackerId=2240&OrderId=F-1&MediaPartnerId=10001&Amount=5', '{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:51.931467Z","Order":"F-1","Partner":10001,"Amount":"5"}');
INSERT INTO submissions VALUES (1, 8, 1795784991955597, 'Conversion', 'F-7', 0, 'CampaignId=1000&EventDate=NOW&ActionTrackerId=2240&OrderId=F-7&MediaPartnerId=10006&Amount=5', '{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:51.955082Z","Order":"F-7","Partner":10006,"Amount":"5"}');
INSERT INTO submissions VALUES (1, 9, 1795784991969070, 'Conversion', 'F-8', 0, 'CampaignId=1000&EventDate=NOW&ActionTrackerId=2240&OrderId=F-8&CustomerId=C-1&Amount=7.77', '{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:51.968571Z","Order":"F-8","Customer":"C-1","Amount":"7.77"}');
INSERT INTO submissions VALUES (1, 10, 1795784991993339, 'Modification', 'F-1', 0, 'ActionTrackerId=2240&OrderId=F-1&Sku=LANTERN&Quantity=1&Reason=ORDER_UPDATE', '{"EventType":2240,"Order":"F-1","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"LANTERN","Quantity":1}]}');
INSERT INTO submissions VALUES (1, 11, 1795784992016995, 'Modification', 'F-1', 0, 'ActionTrackerId=2240&OrderId=F-1&Sku1=WICK&Amount1=1.11&Category1=Wicks&ItemName1=Wick&Rebate1=0.05&Reason=ORDER_UPDATE&Note=cheaper', '{"EventType":2240,"Order":"F-1","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"WICK","Amount":"1.11","Category":"Wicks","Name":"Wick","Rebate":"0.05"}],"Note":"cheaper"}');
INSERT INTO submissions VALUES (1, 12, 1795784992038149, 'Modification', 'F-1', 0, 'ActionTrackerId=2240&OrderId=F-1&CustomerStatus=RETURNING&Reason=HAND_CHECKED', '{"EventType":2240,"Order":"F-1","Reason":"HAND_CHECKED","CustomerStatus":"RETURNING"}');
INSERT INTO submissions VALUES (1, 13, 1795784992067283, 'Modification', 'F-1', 0, 'ActionTrackerId=2240&OrderId=F-1&Sku=LANTERN&Quantity=2&Reason=ORDER_UPDATE', '{"EventType":2240,"Order":"F-1","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"LANTERN","Quantity":2}]}');
INSERT INTO submissions VALUES (1, 14, 1795784992087410, 'Modification', 'F-1', 0, 'ActionTrackerId=2240&OrderId=F-1&Amount=0&Reason=OTHER', '{"EventType":2240,"Order":"F-1","Reason":"OTHER","Amount":"0"}');
INSERT INTO submissions VALUES (1, 15, 1795784992110603, 'Modification', 'F-1', 0, 'ActionTrackerId=2240&OrderId=F-1&Reason=RESET', '{"EventType":2240,"Order":"F-1","Reason":"RESET"}');
INSERT INTO submissions VALUES (1, 16, 1795784992127549, 'Modification', 'F-2', 0, 'ActionTrackerId=2241&OrderId=F-2&Sku=BOX&Quantity=2&Reason=ORDER_UPDATE', '{"EventType":2241,"Order":"F-2","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"BOX","Quantity":2}]}');
INSERT INTO submissions VALUES (1, 17, 1795784992163144, 'Undo', '', 0, 'Note=oops&BatchId=A-01a21d20-657f-82d7-8310-000000000010', '{"Submission":16,"Note":"oops"}');
INSERT INTO submissions VALUES (1, 18, 1795784992189313, 'Modification', 'F-5', 0, 'ActionTrackerId=2240&OrderId=F-5&Reason=EARLY_PAYMENT&CustomerStatus=VIP', '{"EventType":2240,"Order":"F-5","Reason":"EARLY_PAYMENT","CustomerStatus":"VIP"}');
INSERT INTO submissions VALUES (1, 19, 1795784992209922, 'Modification', 'F-5', 0, 'ActionTrackerId=2240&OrderId=F-5&Sku=TEA&Quantity=1&Reason=ORDER_UPDATE', '{"EventType":2240,"Order":"F-5","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"TEA","Quantity":1}]}');
INSERT INTO submissions VALUES (1, 20, 1795784992221216, 'Modification', 'F-6', 0, 'ActionTrackerId=2240&OrderId=F-6&Amount=4000&Reason=ORDER_ERROR', '{"EventType":2240,"Order":"F-6","Reason":"ORDER_ERROR","Amount":"4000"}');
INSERT INTO submissions VALUES (1, 21, 1795784992231535, 'Reversal', 'F-3', 0, 'ActionTrackerId=2242&OrderId=F-3&DispositionCode=ITEM_RETURNED', '{"EventType":2242,"Order":"F-3","Reason":"ITEM_RETURNED"}');
INSERT INTO submissions VALUES (1, 22, 1795784992244106, 'Reversal', 'F-4', 0, 'ActionTrackerId=2240&OrderId=F-4&DispositionCode=FAKE_ACCOUNT', '{"EventType":2240,"Order":"F-4","Reason":"FAKE_ACCOUNT"}');
INSERT INTO submissions VALUES (1, 23, 1795784992256831, 'Modification', 'NONE', 0, 'ActionTrackerId=2240&OrderId=NONE&Sku=X&Quantity=1&Reason=ORDER_UPDATE', '{"EventType":2240,"Order":"NONE","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"X","Quantity":1}]}');
INSERT INTO submissions VALUES (1, 24, 1795784992341168, 'Modification', 'NONE', 0, 'ActionTrackerId=2240&OrderId=NONE&Sku=X&Quantity=1&Reason=ORDER_UPDATE', '{"EventType":2240,"Order":"NONE","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"X","Quantity":1}]}');
INSERT INTO submissions VALUES (1, 25, 1795784992537067, 'Conversion', 'Q-1', 0, 'Id=1&ResolutionStatus=VALID&ActionTrackerId=2240&FinalPayout=1.50&ResolutionNotes=Found+it&ItemSku1=A&ItemQty1=2&ItemSubtotal1=19.27', '{"Campaign":1000,"EventType":2240,"EventDate":"2026-10-01T17:00:00Z","Order":"Q-1","Currency":"USD","Partner":10001,"Inquiry":1,"Lines":[{"Number":1,"SKU":"A","Quantity":2,"SubTotal":"19.27"}],"Payout":"1.5"}');
INSERT INTO submissions VALUES (1, 26, 1795784992626963, 'Conversion', 'T-1', 0, 'CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&OrderId=T-1&MediaPartnerId=10001&ItemSku1=12345&ItemQuantity1=2&ItemSubTotal1=19.27&ItemSku2=67890&ItemQuantity2=1&ItemSubTotal2=2.72', '{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:52.599503Z","Order":"T-1","Partner":10001,"Lines":[{"Number":1,"SKU":"12345","Quantity":2,"SubTotal":"19.27"},{"Number":2,"SKU":"67890","Quantity":1,"SubTotal":"2.72"}]}');
INSERT INTO submissions VALUES (1, 27, 1795784992626963, 'Conversion', 'T-2', 0, 'CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&OrderId=T-2&MediaPartnerId=10003&ItemSku=12345&ItemQuantity=1&ItemSubTotal=19.27', '{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:52.599503Z","Order":"T-2","Partner":10003,"Lines":[{"Number":1,"SKU":"12345","Quantity":1,"SubTotal":"19.27"}]}');
INSERT INTO submissions VALUES (1, 28, 1795784992699830, 'Modification', 'T-1', 0, 'ActionTrackerId=2240&OrderId=T-1&Sku=12345&Quantity=1&Reason=ORDER_UPDATE', '{"EventType":2240,"Order":"T-1","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"12345","Quantity":1}]}');
INSERT INTO submissions VALUES (1, 29, 1795784992699830, 'Modification', 'T-9', 0, 'ActionTrackerId=2240&OrderId=T-9&Sku=12345&Quantity=1&Reason=ORDER_UPDATE', '{"EventType":2240,"Order":"T-9","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"12345","Quantity":1}]}');
INSERT INTO submissions VALUES (2, 1, 1795784992726204, 'Conversion', 'Y-1', 0, 'CampaignId=2000&EventDate=NOW&ActionTrackerId=3240&OrderId=Y-1&MediaPartnerId=20001&ItemSku=%E3%81%8A%E8%8C%B6&ItemQuantity=3&ItemSubTotal=1999', '{"Campaign":2000,"EventType":3240,"EventDate":"2026-11-27T13:09:52.724166Z","Order":"Y-1","Partner":20001,"Lines":[{"Number":1,"SKU":"お茶","Quantity":3,"SubTotal":"1999"}]}');
INSERT INTO submissions VALUES (2, 2, 1795784992743649, 'Modification', 'Y-1', 0, 'ActionTrackerId=3240&OrderId=Y-1&Sku=%E3%81%8A%E8%8C%B6&Quantity=2&Reason=ORDER_UPDATE', '{"EventType":3240,"Order":"Y-1","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"お茶","Quantity":2}]}');
INSERT INTO tokens VALUES (1, 'IRKFXGKHNYPJSGPMN3VZFJ6TBRHTNTI5BT', 'fixture', '\x2d546ed008f88344fec3e634dd91368baef224de97f837bbd456dff2bb8862d9', 14, 1795784990885755, NULL, '*', 0, NULL, NULL, NULL);
INSERT INTO tokens VALUES (2, 'IRZQABLUZG66THG6BPF4ZDWJODTLGLEMFK', 'yen', '\xd666a0f4a8d17f605075a95982be740c3d29548672fc51ad365451edfed2a47c', 14, 1795784990986856, NULL, '*', 0, NULL, NULL, NULL);
INSERT INTO tokens VALUES (0, 'IRNHSXUFJCDVKYJUVC7KIMTMYVWB6AN7MZ', 'ada', '\xbc4956b821185cb05c6ccb9c48e9902b4274e7ed8830858b624ffa3021c7a913', 14, 1795784991035233, NULL, 'admin', 0, NULL, NULL, NULL);
INSERT INTO tokens VALUES (1, 'IR3QPVJFESIUW7ZXCMVKIGLCO7ZGLAITTS', 'rotated', '\xc54daf192e67008dc50feaf5de8c0400e08e39daed6ad2b1b654e47e4a045e7a', 14, 1795784990938349, 1795784991393875, '*:read', 0, NULL, '\x2a176d85f74f1b907e0cedb0db8e259af8458045f8c3ab01f5cde86343408fc1', 1795871391096541);
INSERT INTO updates VALUES (1, 1, 1, 1, 1795784991777652, 0, 'LANTERN', 'IR_BLANK', 'Lights', 2, 1927, 77, 3240326, 2240, 1, 0, 'ITEM', 40000, '\x8ed861b9ed12e17f0e868ea7b14584727e8075638e66384d7bc05026777ecdd7', '\x0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES (1, 2, 1, 1, 1795784991777652, 1, 'WICK', 'IR_BLANK', '', 1, 272, 11, 3240326, 2240, 1, 0, 'ITEM', 40000, '\xba127de3b8fed6efcfab79d0ba15cca87bd62b7408274ffa8ab9c4f0d299ea56', '\x8ed861b9ed12e17f0e868ea7b14584727e8075638e66384d7bc05026777ecdd7');
INSERT INTO updates VALUES (1, 3, 2, 2, 1795784991805181, 0, 'BOX', 'IR_BLANK', '', 3, 9000, 540, 3240327, 2241, 1, 0, 'ORDER', 60000, '\xf5611df262b57657f9d4e2280902382b8cf05c23c8e79a5fea6be2fbb716e0f5', '\x0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES (1, 4, 3, 3, 1795784991816192, 0, 'ORDER', 'IR_BLANK', '', 1, 5010, 500, 3240326, 2242, 1, 0, 'ORDER', 0, '\xa8e7ab3ddec986e370e164b927ed7395cb3a75607c79ff5e7baf47bbe108e5aa', '\x0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES (1, 5, 4, 4, 1795784991841678, 0, 'Café', 'IR_BLANK', '', 1, 900, 27, 3240328, 2240, 1, 0, 'ITEM', 30000, '\xd1c2bb7cc91da36f50c81312d06b501d3ef941b1d3756e4a7512e2d1ad7478d6', '\x0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES (1, 6, 4, 4, 1795784991841678, 1, 'B', 'IR_BLANK', '', 1, 1800, 54, 3240328, 2240, 1, 0, 'ITEM', 30000, '\xee76084e90db28a83f46466fd18b608b49c22530b686e930c9f067b51791ee91', '\xd1c2bb7cc91da36f50c81312d06b501d3ef941b1d3756e4a7512e2d1ad7478d6');
INSERT INTO updates VALUES (1, 7, 5, 5, 1795784991859562, 0, 'TEA', 'IR_BLANK', 'Tea', 4, 1799, 144, 3240330, 2240, 1, 1, 'ITEM', 25000, '\xf28ed54df72e8a36161081c00d7b9e477fa43d4480e5f11d6b0ca32683adb0ec', '\x0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES (1, 8, 6, 6, 1795784991897354, 0, 'TENT', 'IR_BLANK', '', 1, 500000, 6000, 3240329, 2240, 1, 1, 'ORDER', 50000, '\xe1457255d1883d3d486a785732805ab984f84070721ff8b071369d2fbf563990', '\x0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES (1, 9, 9, 9, 1795784991969513, 0, 'ORDER', 'IR_BLANK', '', 1, 777, 31, 3240326, 2240, 1, 0, 'ITEM', 40000, '\x795256008173b34461f4ac9186d67a0a5b29b050930256e8a45f2ea2f5dc7743', '\x0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES (1, 10, 1, 10, 1795784991993882, 0, 'LANTERN', 'ORDER_UPDATE', 'Lights', 1, -963, -38, 3240326, 2240, 1, 0, 'ITEM', 40000, '\xe9a40c2886680a10f631a2ac5c5900a193d882ac26413502b73beeffe0aff3d8', '\xba127de3b8fed6efcfab79d0ba15cca87bd62b7408274ffa8ab9c4f0d299ea56');
INSERT INTO updates VALUES (1, 11, 1, 11, 1795784992017486, 1, 'WICK', 'ORDER_UPDATE', 'Wicks', 1, -161, -7, 3240326, 2240, 1, 0, 'ITEM', 40000, '\xb18987b5154f5d8d0eb4446d2d42a4acebf1e765e0d3a385cba1c76b81c086bc', '\xe9a40c2886680a10f631a2ac5c5900a193d882ac26413502b73beeffe0aff3d8');
INSERT INTO updates VALUES (1, 12, 1, 12, 1795784992038472, 0, 'LANTERN', 'HAND_CHECKED', 'Lights', 1, 0, 0, 3240326, 2240, 1, 0, 'ITEM', 40000, '\xc005f042b1c027825fe56026c7276c3a683e3e191ebc057b995088c6a1e9e07d', '\xb18987b5154f5d8d0eb4446d2d42a4acebf1e765e0d3a385cba1c76b81c086bc');
INSERT INTO updates VALUES (1, 13, 1, 14, 1795784992087840, 0, 'LANTERN', 'OTHER', 'Lights', 0, -964, -39, 3240326, 2240, 1, 0, 'ITEM', 40000, '\x372e0054871ac7dba438e63639a31c9b7359f1c8e5f929df6f43a62f3c50a614', '\xc005f042b1c027825fe56026c7276c3a683e3e191ebc057b995088c6a1e9e07d');
INSERT INTO updates VALUES (1, 14, 1, 14, 1795784992087840, 1, 'WICK', 'OTHER', 'Wicks', 0, -111, -4, 3240326, 2240, 1, 0, 'ITEM', 40000, '\xbcdf2eb80d9a40c9c338157f96fa866197284bf04ce277e94933ff3ac384f45b', '\x372e0054871ac7dba438e63639a31c9b7359f1c8e5f929df6f43a62f3c50a614');
INSERT INTO updates VALUES (1, 15, 1, 15, 1795784992110917, 0, 'LANTERN', 'RESET', 'Lights', 2, 1927, 77, 3240326, 2240, 1, 0, 'ITEM', 40000, '\xcf15fa21f740f6ef68438e4a6efc9d30e6ffe8cd237213ae5a7f27c1a5f304f3', '\xbcdf2eb80d9a40c9c338157f96fa866197284bf04ce277e94933ff3ac384f45b');
INSERT INTO updates VALUES (1, 16, 1, 15, 1795784992110917, 1, 'WICK', 'RESET', '', 1, 272, 11, 3240326, 2240, 1, 0, 'ITEM', 40000, '\x41bd52fe089e13025945837be3102bc4eee083cbf7c7af053e248e727440f18a', '\xcf15fa21f740f6ef68438e4a6efc9d30e6ffe8cd237213ae5a7f27c1a5f304f3');
INSERT INTO updates VALUES (1, 17, 2, 16, 1795784992127905, 0, 'BOX', 'ORDER_UPDATE', '', 2, -3000, -180, 3240327, 2241, 1, 0, 'ORDER', 60000, '\x90efff89f1bc592f5c03cae0c18fea5fa3c6fd3ebc38dce337d6ebff45c73f0c', '\xf5611df262b57657f9d4e2280902382b8cf05c23c8e79a5fea6be2fbb716e0f5');
INSERT INTO updates VALUES (1, 18, 2, 17, 1795784992163545, 0, 'BOX', 'UNDO', '', 3, 3000, 180, 3240327, 2241, 1, 0, 'ORDER', 60000, '\x1496402a20bc2f3d671964ad682d2ce17a9f25b96e38cff703073506743af08a', '\x90efff89f1bc592f5c03cae0c18fea5fa3c6fd3ebc38dce337d6ebff45c73f0c');
INSERT INTO updates VALUES (1, 19, 5, 18, 1795784992189696, 0, 'TEA', 'EARLY_PAYMENT', 'Tea', 4, 0, 0, 3240330, 2240, 1, 1, 'ITEM', 25000, '\x428ded280376c94fca14f6e853d952fe34c4c8aa231c8ef754eea3c952acb59b', '\xf28ed54df72e8a36161081c00d7b9e477fa43d4480e5f11d6b0ca32683adb0ec');
INSERT INTO updates VALUES (1, 20, 6, 20, 1795784992221683, 0, 'TENT', 'ORDER_ERROR', '', 1, -100000, 0, 3240329, 2240, 1, 1, 'ORDER', 50000, '\x169929936190ffd3dc5f0c144848d2587f92f955afb374b02f92a3d5acf320cb', '\xe1457255d1883d3d486a785732805ab984f84070721ff8b071369d2fbf563990');
INSERT INTO updates VALUES (1, 21, 3, 21, 1795784992231871, 0, 'ORDER', 'ITEM_RETURNED', '', 0, -5010, -500, 3240326, 2242, 1, 0, 'ORDER', 0, '\xcdf7947994385963ff685e19703933256cdf04801dc720fe306c70c8f2371acf', '\xa8e7ab3ddec986e370e164b927ed7395cb3a75607c79ff5e7baf47bbe108e5aa');
INSERT INTO updates VALUES (1, 22, 4, 22, 1795784992244421, 0, 'Café', 'FAKE_ACCOUNT', '', 0, -900, -27, 3240328, 2240, 1, 0, 'ITEM', 30000, '\x5a2918f736f34c4ede1a47bc1338f2eb063c37f117cd7c127d5873c2ed9ef0f2', '\xee76084e90db28a83f46466fd18b608b49c22530b686e930c9f067b51791ee91');
INSERT INTO updates VALUES (1, 23, 4, 22, 1795784992244421, 1, 'B', 'FAKE_ACCOUNT', '', 0, -1800, -54, 3240328, 2240, 1, 0, 'ITEM', 30000, '\x164f57406d87902c0a4142c8e2cc972b7cf3f5745aecf45d5b67c125b784e488', '\x5a2918f736f34c4ede1a47bc1338f2eb063c37f117cd7c127d5873c2ed9ef0f2');
INSERT INTO updates VALUES (1, 24, 25, 25, 1795784992540169, 0, 'A', 'IR_BLANK', '', 2, 1927, 150, 3240326, 2240, 1, 0, 'ORDER', 0, '\xf213eb1bb9d407ee13eee849fa550d163bcbb426e8e0e1763d872ab7a9fe7c6c', '\x0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES (1, 25, 26, 26, 1795784992629928, 0, '12345', 'IR_BLANK', '', 2, 1927, 77, 3240326, 2240, 1, 0, 'ITEM', 40000, '\x6c1fcf5d530c7cf7cf7e17eaa7b3bb5523acf618083fd72c062ef0acf267afba', '\x0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES (1, 26, 26, 26, 1795784992629928, 1, '67890', 'IR_BLANK', '', 1, 272, 11, 3240326, 2240, 1, 0, 'ITEM', 40000, '\xeef8fd96fd0dae2649d7540162980fdad10965df178b4a00f1b878d475c7e6eb', '\x6c1fcf5d530c7cf7cf7e17eaa7b3bb5523acf618083fd72c062ef0acf267afba');
INSERT INTO updates VALUES (1, 27, 27, 27, 1795784992629928, 0, '12345', 'IR_BLANK', '', 1, 1927, 58, 3240328, 2240, 1, 0, 'ITEM', 30000, '\xb41d407f4b790ff27bd8b590cd6b8597ea9e10311912a9b298c94dfe992b1ebc', '\x0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES (1, 28, 26, 28, 1795784992702794, 0, '12345', 'ORDER_UPDATE', '', 1, -963, -38, 3240326, 2240, 1, 0, 'ITEM', 40000, '\xe34243791fe17329a46f5a451d8c0a97b32996bf0318027a447f9361f7e8db5b', '\xeef8fd96fd0dae2649d7540162980fdad10965df178b4a00f1b878d475c7e6eb');
INSERT INTO updates VALUES (2, 1, 1, 1, 1795784992726665, 0, 'お茶', 'IR_BLANK', '', 3, 1999, 80, 4240001, 3240, 1, 0, 'ITEM', 40000, '\x0c49459a97db261797d6856bc4b88c00a5da697323ff54d2accb3121a7c44d9f', '\x0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES (2, 2, 1, 2, 1795784992744007, 0, 'お茶', 'ORDER_UPDATE', '', 2, -666, -27, 4240001, 3240, 1, 0, 'ITEM', 40000, '\x714c5991cd86dbfcc201aa47d75e96c1d099c6a386680642da4a1b432967280d', '\x0c49459a97db261797d6856bc4b88c00a5da697323ff54d2accb3121a7c44d9f');
ALTER TABLE ONLY accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (account);
ALTER TABLE ONLY actions
    ADD CONSTRAINT actions_pkey PRIMARY KEY (account, number);
ALTER TABLE ONLY applier
    ADD CONSTRAINT applier_pkey PRIMARY KEY (account);
ALTER TABLE ONLY clicks
    ADD CONSTRAINT clicks_pkey PRIMARY KEY (account, id, recorded);
ALTER TABLE ONLY deeds
    ADD CONSTRAINT deeds_pkey PRIMARY KEY (account, number);
ALTER TABLE ONLY deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (account, notification, number);
ALTER TABLE ONLY file_contents
    ADD CONSTRAINT file_contents_pkey PRIMARY KEY (account, file);
ALTER TABLE ONLY file_rows
    ADD CONSTRAINT file_rows_pkey PRIMARY KEY (account, file, line);
ALTER TABLE ONLY files
    ADD CONSTRAINT files_pkey PRIMARY KEY (account, number);
ALTER TABLE ONLY inquiries
    ADD CONSTRAINT inquiries_pkey PRIMARY KEY (account, number);
ALTER TABLE ONLY inquiry_numbers
    ADD CONSTRAINT inquiry_numbers_pkey PRIMARY KEY (account);
ALTER TABLE ONLY intake
    ADD CONSTRAINT intake_pkey PRIMARY KEY (account);
ALTER TABLE ONLY items
    ADD CONSTRAINT items_pkey PRIMARY KEY (account, action, "position");
ALTER TABLE ONLY keys
    ADD CONSTRAINT keys_pkey PRIMARY KEY (account, key);
ALTER TABLE ONLY latest
    ADD CONSTRAINT latest_pkey PRIMARY KEY (account, updated, action);
ALTER TABLE ONLY migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (account, id);
ALTER TABLE ONLY outcomes
    ADD CONSTRAINT outcomes_pkey PRIMARY KEY (account, number);
ALTER TABLE ONLY parking
    ADD CONSTRAINT parking_pkey PRIMARY KEY (account, number);
ALTER TABLE ONLY reference
    ADD CONSTRAINT reference_pkey PRIMARY KEY (account, kind, key, recorded);
ALTER TABLE ONLY retries
    ADD CONSTRAINT retries_pkey PRIMARY KEY (account, number);
ALTER TABLE ONLY submissions
    ADD CONSTRAINT submissions_pkey PRIMARY KEY (account, number);
ALTER TABLE ONLY tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (account, sid);
ALTER TABLE ONLY updates
    ADD CONSTRAINT updates_pkey PRIMARY KEY (account, number);
CREATE INDEX actions_customer ON actions USING btree (account, customer, campaign, event_date) WHERE (customer <> ''::text);
CREATE INDEX actions_event_date ON actions USING btree (account, event_date, campaign, number);
CREATE INDEX actions_locking ON actions USING btree (account, locking, open_ended, campaign, number);
CREATE INDEX actions_order ON actions USING btree (account, order_id, event_type, number);
CREATE INDEX clicks_customer ON clicks USING btree (account, customer, campaign, instant) WHERE (customer <> ''::text);
CREATE INDEX deliveries_action ON deliveries USING btree (account, notification, action, number) WHERE (due IS NOT NULL);
CREATE INDEX deliveries_due ON deliveries USING btree (account, notification, due, number) WHERE (due IS NOT NULL);
CREATE INDEX deliveries_lost ON deliveries USING btree (account, lost) WHERE (lost IS NOT NULL);
CREATE INDEX file_rows_fault ON file_rows USING btree (account, file, line) WHERE (fault <> ''::text);
CREATE INDEX file_rows_submission ON file_rows USING btree (account, submission, file, line) WHERE (submission <> 0);
CREATE INDEX files_sum ON files USING btree (account, sum);
CREATE INDEX files_unread ON files USING btree (account, number) WHERE (read IS NULL);
CREATE INDEX inquiries_order ON inquiries USING btree (account, order_id, number);
CREATE INDEX inquiries_status ON inquiries USING btree (account, status, number);
CREATE INDEX inquiries_transacted ON inquiries USING btree (account, transacted, number);
CREATE INDEX items_sku ON items USING btree (account, sku, action);
CREATE INDEX keys_given ON keys USING btree (account, given);
CREATE INDEX outcomes_failed ON outcomes USING btree (account, number) WHERE (error_type <> ''::text);
CREATE INDEX outcomes_unchanged ON outcomes USING btree (account, action, number) WHERE ((action <> 0) AND (first_update = 0));
CREATE INDEX reference_recorded ON reference USING btree (account, recorded);
CREATE INDEX submissions_order ON submissions USING btree (account, order_id, number) WHERE (order_id <> ''::text);
CREATE INDEX tokens_sid ON tokens USING btree (sid);
CREATE INDEX updates_action ON updates USING btree (account, action, number);
SELECT pg_catalog.setval('migrations_id_seq', 3, true);
