PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE migrations (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO migrations VALUES(1,0,1,'2026-11-27 13:09:30');
INSERT INTO migrations VALUES(2,1,1,'2026-11-27 13:09:30');
INSERT INTO migrations VALUES(3,2,1,'2026-11-27 13:09:30');
INSERT INTO migrations VALUES(4,3,1,'2026-11-27 13:09:30');
INSERT INTO migrations VALUES(5,4,1,'2026-11-27 13:09:30');
INSERT INTO migrations VALUES(6,5,1,'2026-11-27 13:09:30');
INSERT INTO migrations VALUES(7,6,1,'2026-11-27 13:09:30');
INSERT INTO migrations VALUES(8,7,1,'2026-11-27 13:09:30');
INSERT INTO migrations VALUES(9,8,1,'2026-11-27 13:09:30');
CREATE TABLE accounts (
	account bigint NOT NULL,
	salt bigint NOT NULL,
	hash_key blob NOT NULL, -- for keyed hashes of personal data
	PRIMARY KEY (account)
) WITHOUT ROWID;
INSERT INTO accounts VALUES(1,3136294587,X'9f94101eaa5541268a0df826454c3b80b060d2d3241ab1285507013b68a6240d');
INSERT INTO accounts VALUES(2,1570274178,X'c3b7ee56fbe446183307d3770d986fcd71edc9fd8f1b5eaad634cc66996b703b');
CREATE TABLE intake (
	account bigint NOT NULL,
	number bigint NOT NULL, -- the last one given
	instant bigint NOT NULL, -- the last one given
	PRIMARY KEY (account)
) WITHOUT ROWID;
INSERT INTO intake VALUES(1,29,1795784971888785);
INSERT INTO intake VALUES(2,2,1795784971920590);
CREATE TABLE applier (
	account bigint NOT NULL,
	number bigint NOT NULL, -- of the last submission that is complete
	instant bigint NOT NULL, -- the last one given
	last_update bigint NOT NULL, -- number of the last update given
	attempts bigint NOT NULL, -- failed ones, at the submission after number
	PRIMARY KEY (account)
) WITHOUT ROWID;
INSERT INTO applier VALUES(1,29,1795784971889885,28,0);
INSERT INTO applier VALUES(2,2,1795784971921420,2,0);
CREATE TABLE submissions (
	account bigint NOT NULL,
	number bigint NOT NULL,
	accepted bigint NOT NULL,
	kind text NOT NULL,
	order_id text NOT NULL, -- as the command names it, or ''
	action bigint NOT NULL, -- as the command names it, or 0
	payload text NOT NULL,
	command text NOT NULL,
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
INSERT INTO submissions VALUES(1,1,1795784971392089,'Conversion','F-1',0,'CampaignId=1000&EventDate=NOW&ActionTrackerId=2240&OrderId=F-1&MediaPartnerId=10001&CustomerId=C-1&CustomerStatus=NEW&CustomerCountry=US&CustomerCity=Reno&CustomerRegion=NV&CustomerPostCode=89501&IpAddress=95d2769af42cd613db6681d304aa364e&CallerId=17&SharedId=shared&Note=hello&SubId1=a&Text1=b&ItemSku1=LANTERN&ItemName1=Storm+lantern&ItemCategory1=Lights&ItemSubCategory1=Oil&ItemBrand1=Harbor&ItemMpn1=M-1&ItemPromoCode1=P1&ItemQuantity1=2&ItemSubTotal1=19.27&ItemSku2=WICK&ItemQuantity2=1&ItemSubTotal2=2.72','{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:31.390107Z","Order":"F-1","Partner":10001,"Customer":"C-1","OtherKey":true,"CallerID":"17","CustomerStatus":"NEW","PostCode":"89501","City":"Reno","Region":"NV","Country":"US","IPHash":"95d2769af42cd613db6681d304aa364e","Lines":[{"Number":1,"SKU":"LANTERN","Name":"Storm lantern","Category":"Lights","SubCategory":"Oil","MPN":"M-1","Brand":"Harbor","Promo":"P1","Quantity":2,"SubTotal":"19.27"},{"Number":2,"SKU":"WICK","Quantity":1,"SubTotal":"2.72"}],"SharedID":"shared","Note":"hello","Extras":{"SubId1":"a","Text1":"b"}}');
INSERT INTO submissions VALUES(1,2,1795784971408341,'Conversion','F-2',0,'CampaignId=1000&EventDate=NOW&ActionTrackerId=2241&OrderId=F-2&PromoCode=corner10&ItemSku=BOX&ItemQuantity=3&ItemSubTotal=90','{"Campaign":1000,"EventType":2241,"EventDate":"2026-11-27T13:09:31.408023Z","Order":"F-2","PromoCode":"corner10","Lines":[{"Number":1,"SKU":"BOX","Quantity":3,"SubTotal":"90"}]}');
INSERT INTO submissions VALUES(1,3,1795784971421206,'Conversion','F-3',0,'CampaignId=1000&EventDate=NOW&ActionTrackerId=2242&OrderId=F-3&MediaPartnerId=10001&Amount=50.10','{"Campaign":1000,"EventType":2242,"EventDate":"2026-11-27T13:09:31.420924Z","Order":"F-3","Partner":10001,"Amount":"50.1"}');
INSERT INTO submissions VALUES(1,4,1795784971434093,'Conversion','F-4',0,'CampaignId=1000&EventDate=NOW&ActionTrackerId=2240&OrderId=F-4&ClickId=demo-click-1&CustomerStatus=VIP&ItemSku1=Caf%C3%A9&ItemSubTotal1=10&ItemSku2=B&ItemSubTotal2=20&OrderDiscount=3','{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:31.4338Z","Order":"F-4","Click":"demo-click-1","CustomerStatus":"VIP","Lines":[{"Number":1,"SKU":"Café","SubTotal":"10"},{"Number":2,"SKU":"B","SubTotal":"20"}],"Discount":"3"}');
INSERT INTO submissions VALUES(1,5,1795784971447458,'Conversion','F-5',0,'CampaignId=1000&EventDate=NOW&ActionTrackerId=2240&OrderId=F-5&MediaPartnerId=10005&ItemSku1=TEA&ItemCategory1=Tea&ItemQuantity1=4&ItemSubTotal1=17.99','{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:31.447188Z","Order":"F-5","Partner":10005,"Lines":[{"Number":1,"SKU":"TEA","Category":"Tea","Quantity":4,"SubTotal":"17.99"}]}');
INSERT INTO submissions VALUES(1,6,1795784971460615,'Conversion','F-6',0,'CampaignId=1000&EventDate=NOW&ActionTrackerId=2240&OrderId=F-6&MediaPartnerId=10004&CustomerCountry=DE&ItemSku1=TENT&ItemSubTotal1=5000','{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:31.460069Z","Order":"F-6","Partner":10004,"Country":"DE","Lines":[{"Number":1,"SKU":"TENT","SubTotal":"5000"}]}');
INSERT INTO submissions VALUES(1,7,1795784971488207,'Conversion','F-1',0,'CampaignId=1000&EventDate=NOW&ActionTrackerId=2240&OrderId=F-1&MediaPartnerId=10001&Amount=5','{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:31.487896Z","Order":"F-1","Partner":10001,"Amount":"5"}');
INSERT INTO submissions VALUES(1,8,1795784971500754,'Conversion','F-7',0,'CampaignId=1000&EventDate=NOW&ActionTrackerId=2240&OrderId=F-7&MediaPartnerId=10006&Amount=5','{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:31.500436Z","Order":"F-7","Partner":10006,"Amount":"5"}');
INSERT INTO submissions VALUES(1,9,1795784971513787,'Conversion','F-8',0,'CampaignId=1000&EventDate=NOW&ActionTrackerId=2240&OrderId=F-8&CustomerId=C-1&Amount=7.77','{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:31.513494Z","Order":"F-8","Customer":"C-1","Amount":"7.77"}');
INSERT INTO submissions VALUES(1,10,1795784971526443,'Modification','F-1',0,'ActionTrackerId=2240&OrderId=F-1&Sku=LANTERN&Quantity=1&Reason=ORDER_UPDATE','{"EventType":2240,"Order":"F-1","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"LANTERN","Quantity":1}]}');
INSERT INTO submissions VALUES(1,11,1795784971540679,'Modification','F-1',0,'ActionTrackerId=2240&OrderId=F-1&Sku1=WICK&Amount1=1.11&Category1=Wicks&ItemName1=Wick&Rebate1=0.05&Reason=ORDER_UPDATE&Note=cheaper','{"EventType":2240,"Order":"F-1","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"WICK","Amount":"1.11","Category":"Wicks","Name":"Wick","Rebate":"0.05"}],"Note":"cheaper"}');
INSERT INTO submissions VALUES(1,12,1795784971554581,'Modification','F-1',0,'ActionTrackerId=2240&OrderId=F-1&CustomerStatus=RETURNING&Reason=HAND_CHECKED','{"EventType":2240,"Order":"F-1","Reason":"HAND_CHECKED","CustomerStatus":"RETURNING"}');
INSERT INTO submissions VALUES(1,13,1795784971567664,'Modification','F-1',0,'ActionTrackerId=2240&OrderId=F-1&Sku=LANTERN&Quantity=2&Reason=ORDER_UPDATE','{"EventType":2240,"Order":"F-1","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"LANTERN","Quantity":2}]}');
INSERT INTO submissions VALUES(1,14,1795784971579958,'Modification','F-1',0,'ActionTrackerId=2240&OrderId=F-1&Amount=0&Reason=OTHER','{"EventType":2240,"Order":"F-1","Reason":"OTHER","Amount":"0"}');
INSERT INTO submissions VALUES(1,15,1795784971592249,'Modification','F-1',0,'ActionTrackerId=2240&OrderId=F-1&Reason=RESET','{"EventType":2240,"Order":"F-1","Reason":"RESET"}');
INSERT INTO submissions VALUES(1,16,1795784971605839,'Modification','F-2',0,'ActionTrackerId=2241&OrderId=F-2&Sku=BOX&Quantity=2&Reason=ORDER_UPDATE','{"EventType":2241,"Order":"F-2","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"BOX","Quantity":2}]}');
INSERT INTO submissions VALUES(1,17,1795784971623820,'Undo','',0,'Note=oops&BatchId=A-01a21d20-1555-8af0-8ebb-000000000010','{"Submission":16,"Note":"oops"}');
INSERT INTO submissions VALUES(1,18,1795784971636404,'Modification','F-5',0,'ActionTrackerId=2240&OrderId=F-5&Reason=EARLY_PAYMENT&CustomerStatus=VIP','{"EventType":2240,"Order":"F-5","Reason":"EARLY_PAYMENT","CustomerStatus":"VIP"}');
INSERT INTO submissions VALUES(1,19,1795784971648397,'Modification','F-5',0,'ActionTrackerId=2240&OrderId=F-5&Sku=TEA&Quantity=1&Reason=ORDER_UPDATE','{"EventType":2240,"Order":"F-5","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"TEA","Quantity":1}]}');
INSERT INTO submissions VALUES(1,20,1795784971666695,'Modification','F-6',0,'ActionTrackerId=2240&OrderId=F-6&Amount=4000&Reason=ORDER_ERROR','{"EventType":2240,"Order":"F-6","Reason":"ORDER_ERROR","Amount":"4000"}');
INSERT INTO submissions VALUES(1,21,1795784971680515,'Reversal','F-3',0,'ActionTrackerId=2242&OrderId=F-3&DispositionCode=ITEM_RETURNED','{"EventType":2242,"Order":"F-3","Reason":"ITEM_RETURNED"}');
INSERT INTO submissions VALUES(1,22,1795784971693183,'Reversal','F-4',0,'ActionTrackerId=2240&OrderId=F-4&DispositionCode=FAKE_ACCOUNT','{"EventType":2240,"Order":"F-4","Reason":"FAKE_ACCOUNT"}');
INSERT INTO submissions VALUES(1,23,1795784971707087,'Modification','NONE',0,'ActionTrackerId=2240&OrderId=NONE&Sku=X&Quantity=1&Reason=ORDER_UPDATE','{"EventType":2240,"Order":"NONE","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"X","Quantity":1}]}');
INSERT INTO submissions VALUES(1,24,1795784971744485,'Modification','NONE',0,'ActionTrackerId=2240&OrderId=NONE&Sku=X&Quantity=1&Reason=ORDER_UPDATE','{"EventType":2240,"Order":"NONE","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"X","Quantity":1}]}');
INSERT INTO submissions VALUES(1,25,1795784971815792,'Conversion','Q-1',0,'Id=1&ResolutionStatus=VALID&ActionTrackerId=2240&FinalPayout=1.50&ResolutionNotes=Found+it&ItemSku1=A&ItemQty1=2&ItemSubtotal1=19.27','{"Campaign":1000,"EventType":2240,"EventDate":"2026-10-01T17:00:00Z","Order":"Q-1","Currency":"USD","Partner":10001,"Inquiry":1,"Lines":[{"Number":1,"SKU":"A","Quantity":2,"SubTotal":"19.27"}],"Payout":"1.5"}');
INSERT INTO submissions VALUES(1,26,1795784971865134,'Conversion','T-1',0,'CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&OrderId=T-1&MediaPartnerId=10001&ItemSku1=12345&ItemQuantity1=2&ItemSubTotal1=19.27&ItemSku2=67890&ItemQuantity2=1&ItemSubTotal2=2.72','{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:31.861161Z","Order":"T-1","Partner":10001,"Lines":[{"Number":1,"SKU":"12345","Quantity":2,"SubTotal":"19.27"},{"Number":2,"SKU":"67890","Quantity":1,"SubTotal":"2.72"}]}');
INSERT INTO submissions VALUES(1,27,1795784971865134,'Conversion','T-2',0,'CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&OrderId=T-2&MediaPartnerId=10003&ItemSku=12345&ItemQuantity=1&ItemSubTotal=19.27','{"Campaign":1000,"EventType":2240,"EventDate":"2026-11-27T13:09:31.861161Z","Order":"T-2","Partner":10003,"Lines":[{"Number":1,"SKU":"12345","Quantity":1,"SubTotal":"19.27"}]}');
INSERT INTO submissions VALUES(1,28,1795784971888785,'Modification','T-1',0,'ActionTrackerId=2240&OrderId=T-1&Sku=12345&Quantity=1&Reason=ORDER_UPDATE','{"EventType":2240,"Order":"T-1","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"12345","Quantity":1}]}');
INSERT INTO submissions VALUES(1,29,1795784971888785,'Modification','T-9',0,'ActionTrackerId=2240&OrderId=T-9&Sku=12345&Quantity=1&Reason=ORDER_UPDATE','{"EventType":2240,"Order":"T-9","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"12345","Quantity":1}]}');
INSERT INTO submissions VALUES(2,1,1795784971905438,'Conversion','Y-1',0,'CampaignId=2000&EventDate=NOW&ActionTrackerId=3240&OrderId=Y-1&MediaPartnerId=20001&ItemSku=%E3%81%8A%E8%8C%B6&ItemQuantity=3&ItemSubTotal=1999','{"Campaign":2000,"EventType":3240,"EventDate":"2026-11-27T13:09:31.904796Z","Order":"Y-1","Partner":20001,"Lines":[{"Number":1,"SKU":"お茶","Quantity":3,"SubTotal":"1999"}]}');
INSERT INTO submissions VALUES(2,2,1795784971920590,'Modification','Y-1',0,'ActionTrackerId=3240&OrderId=Y-1&Sku=%E3%81%8A%E8%8C%B6&Quantity=2&Reason=ORDER_UPDATE','{"EventType":3240,"Order":"Y-1","Reason":"ORDER_UPDATE","Items":[{"Number":1,"SKU":"お茶","Quantity":2}]}');
CREATE TABLE outcomes (
	account bigint NOT NULL,
	number bigint NOT NULL, -- the submission's
	completed bigint NOT NULL,
	action bigint NOT NULL, -- 0 if there is none
	first_update bigint NOT NULL, -- 0 if nothing changed
	error_type text NOT NULL,
	code text NOT NULL,
	message text NOT NULL,
	terms_contract bigint NOT NULL,
	terms_event_type bigint NOT NULL,
	terms_version bigint NOT NULL,
	fee_rate bigint NOT NULL,
	cap bigint NOT NULL,
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
INSERT INTO outcomes VALUES(1,1,1795784971393612,1,1,'','','',3240326,2240,1,25000,3);
INSERT INTO outcomes VALUES(1,2,1795784971409038,2,3,'','','',3240327,2241,1,25000,3);
INSERT INTO outcomes VALUES(1,3,1795784971422073,3,4,'','','',3240326,2242,1,25000,3);
INSERT INTO outcomes VALUES(1,4,1795784971434873,4,5,'','','',3240328,2240,1,25000,3);
INSERT INTO outcomes VALUES(1,5,1795784971448316,5,7,'','','',3240330,2240,1,25000,3);
INSERT INTO outcomes VALUES(1,6,1795784971461719,6,8,'','','',3240329,2240,1,25000,3);
INSERT INTO outcomes VALUES(1,7,1795784971488937,0,0,'Validation','CONV_DUPLICATE','This OrderId is a duplicate: the order was reported before; modify its action instead.',0,0,0,0,0);
INSERT INTO outcomes VALUES(1,8,1795784971501552,0,0,'Contract Error','PARTNER_NOT_ACTIVE','Partner 10006 is not active.',0,0,0,0,0);
INSERT INTO outcomes VALUES(1,9,1795784971514535,9,9,'','','',3240326,2240,1,25000,3);
INSERT INTO outcomes VALUES(1,10,1795784971527921,1,10,'','','',3240326,2240,1,25000,3);
INSERT INTO outcomes VALUES(1,11,1795784971541384,1,11,'','','',3240326,2240,1,25000,3);
INSERT INTO outcomes VALUES(1,12,1795784971555605,1,12,'','','',3240326,2240,1,25000,3);
INSERT INTO outcomes VALUES(1,13,1795784971568521,1,0,'Validation','MODIFICATION_LIMIT_REACHED','The action was modified 3 times, the most allowed; ask the operator to raise its limit.',0,0,0,0,0);
INSERT INTO outcomes VALUES(1,14,1795784971580658,1,13,'','','',0,0,0,25000,3);
INSERT INTO outcomes VALUES(1,15,1795784971593070,1,15,'','','',0,0,0,25000,3);
INSERT INTO outcomes VALUES(1,16,1795784971606748,2,17,'','','',3240327,2241,1,25000,3);
INSERT INTO outcomes VALUES(1,17,1795784971624505,2,18,'','','',3240327,2241,1,25000,3);
INSERT INTO outcomes VALUES(1,18,1795784971637218,5,19,'','','',3240330,2240,1,25000,3);
INSERT INTO outcomes VALUES(1,19,1795784971649003,5,0,'Validation','ACTION_LOCKED','The action locked at 2026-11-27T05:09:31-08:00; nothing can change it any more.',0,0,0,0,0);
INSERT INTO outcomes VALUES(1,20,1795784971667998,6,20,'','','',3240329,2240,1,25000,3);
INSERT INTO outcomes VALUES(1,21,1795784971681258,3,21,'','','',0,0,0,25000,3);
INSERT INTO outcomes VALUES(1,22,1795784971694119,4,22,'','','',0,0,0,25000,3);
INSERT INTO outcomes VALUES(1,23,1795784971708010,0,0,'Validation','ACTION_NOT_FOUND','No action has this id or order id; report the conversion first.',0,0,0,0,0);
INSERT INTO outcomes VALUES(1,24,1795784971746095,0,0,'Validation','ACTION_NOT_FOUND','No action has this id or order id; report the conversion first.',0,0,0,0,0);
INSERT INTO outcomes VALUES(1,25,1795784971817519,25,24,'','','',3240326,2240,1,25000,3);
INSERT INTO outcomes VALUES(1,26,1795784971866558,26,25,'','','',3240326,2240,1,25000,3);
INSERT INTO outcomes VALUES(1,27,1795784971866558,27,27,'','','',3240328,2240,1,25000,3);
INSERT INTO outcomes VALUES(1,28,1795784971889885,26,28,'','','',3240326,2240,1,25000,3);
INSERT INTO outcomes VALUES(1,29,1795784971889885,0,0,'Validation','ACTION_NOT_FOUND','No action has this id or order id; report the conversion first.',0,0,0,0,0);
INSERT INTO outcomes VALUES(2,1,1795784971906220,1,1,'','','',4240001,3240,1,0,1000);
INSERT INTO outcomes VALUES(2,2,1795784971921420,1,2,'','','',4240001,3240,1,0,1000);
CREATE TABLE actions (
	account bigint NOT NULL,
	number bigint NOT NULL, -- that of the conversion's submission
	campaign bigint NOT NULL,
	event_type bigint NOT NULL,
	partner bigint NOT NULL,
	order_id text NOT NULL,
	currency text NOT NULL,
	event_date bigint NOT NULL,
	created bigint NOT NULL,
	referral_type text NOT NULL,
	referral_date bigint,
	promo_code text NOT NULL,
	caller_id text NOT NULL,
	customer text NOT NULL,
	post_code text NOT NULL,
	city text NOT NULL,
	region text NOT NULL,
	country text NOT NULL,
	ip_hash text NOT NULL,
	shared_id text NOT NULL,
	extras text NOT NULL, -- JSON, or ''
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
	-- From here on submissions change it.
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
	last_hash blob NOT NULL,
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
INSERT INTO actions VALUES(1,1,1000,2240,10001,'F-1','USD',1795784971390107,1795784971393612,'REPORTED_PARTNER_ID',NULL,'','17','C-1','89501','Reno','NV','US','95d2769af42cd613db6681d304aa364e','shared','{"SubId1":"a","Text1":"b"}','NEW','',0,1858924800000000,0,25000,3240326,2240,1,2199,88,1795784971593070,'hello','NEW','',0,1858924800000000,0,25000,2199,88,0,2199,88,90,5,9,16,X'68edf25d07a8e71dc282f710a905df2648698bc59ea971a99a41b9218637e2c8');
INSERT INTO actions VALUES(1,2,1000,2241,10002,'F-2','USD',1795784971408023,1795784971409038,'PROMOCODE',NULL,'corner10','','','','','','','','','','','',0,1798444800000000,0,25000,3240327,2241,1,9000,540,1795784971624505,'','','',0,1798444800000000,0,25000,9000,540,0,3000,180,554,2,0,18,X'f632d572eae60beda25a6c9471f60645b0b35733159910f35628a8a395199cd9');
INSERT INTO actions VALUES(1,3,1000,2242,10001,'F-3','USD',1795784971420924,1795784971422073,'REPORTED_PARTNER_ID',NULL,'','','','','','','','','','','','',0,1858924800000000,0,25000,3240326,2242,1,5010,500,1795784971681258,'','','',1,1858924800000000,0,25000,0,0,1,-5010,-500,0,1,0,21,X'bf7f6a4bd2c88f663f9b65d0eb135ce348fd35ec58c4b3317ff80373d89c3514');
INSERT INTO actions VALUES(1,4,1000,2240,10003,'F-4','USD',1795784971433800,1795784971434873,'CLICK_COOKIE',1768498200000000,'','','','','','','','','','','VIP','',0,1798444800000000,0,25000,3240328,2240,1,2700,81,1795784971694119,'','VIP','FAKE_ACCOUNT',1,1798444800000000,0,25000,0,0,1,-2700,-81,0,1,0,23,X'007cf967a507d6fe31631ef2c339fe704d68ea675c5d38dad141e6f318c0078c');
INSERT INTO actions VALUES(1,5,1000,2240,10005,'F-5','USD',1795784971447188,1795784971448316,'REPORTED_PARTNER_ID',NULL,'','','','','','','','','','','','',0,1858924800000000,1,25000,3240330,2240,1,1799,144,1795784971637218,'','VIP','EARLY_PAYMENT',0,1795784971636404,0,25000,1799,144,0,0,0,148,1,0,19,X'59469631e343753de26c7db3ee82332557e349db44f8181de3ad69eb9679f0a8');
INSERT INTO actions VALUES(1,6,1000,2240,10004,'F-6','USD',1795784971460069,1795784971461719,'REPORTED_PARTNER_ID',NULL,'','','','','','','DE','','','','','',0,1797753600000000,0,25000,3240329,2240,1,500000,6000,1795784971667998,'','','',0,1797753600000000,0,25000,400000,6000,0,-100000,0,6150,1,0,20,X'17181a935602d38b5b8e61ef9952b87450fe8029efc18a187fe30dbe350e0e31');
INSERT INTO actions VALUES(1,9,1000,2240,10001,'F-8','USD',1795784971513494,1795784971514535,'ACTION',1795784971390107,'','','C-1','','','','','','','','','',0,1858924800000000,0,25000,3240326,2240,1,777,31,1795784971514535,'','','',0,1858924800000000,0,25000,777,31,0,777,31,32,0,0,9,X'd865a0b69f7f7545f44e7ede432912f0bb4489246403e955fe5f477b2f04d447');
INSERT INTO actions VALUES(1,25,1000,2240,10001,'Q-1','USD',1790874000000000,1795784971817519,'ACTION_INQUIRY',NULL,'','','','','','','','','','','','',0,1853996400000000,0,25000,3240326,2240,1,1927,150,1795784971817519,'','','',0,1853996400000000,0,25000,1927,150,0,1927,150,154,0,0,24,X'449e323a80886330dd8d896dd566fb7ae4832a108639611cb4fe4b041068bd67');
INSERT INTO actions VALUES(1,26,1000,2240,10001,'T-1','USD',1795784971861161,1795784971866558,'REPORTED_PARTNER_ID',NULL,'','','','','','','','','','','','',0,1858924800000000,0,25000,3240326,2240,1,2199,88,1795784971889885,'','','',0,1858924800000000,0,25000,1236,50,0,-963,-38,51,1,0,28,X'96227ca48c1d017c7fbec984d58783d0a4510720c75d25b96396f17f80185e8a');
INSERT INTO actions VALUES(1,27,1000,2240,10003,'T-2','USD',1795784971861161,1795784971866558,'REPORTED_PARTNER_ID',NULL,'','','','','','','','','','','','',0,1798444800000000,0,25000,3240328,2240,1,1927,58,1795784971866558,'','','',0,1798444800000000,0,25000,1927,58,0,1927,58,59,0,0,27,X'fe6c84c4b9857b0825aee89c5d0e16981efda0c099215b24e6f2364751fbe697');
INSERT INTO actions VALUES(2,1,2000,3240,20001,'Y-1','JPY',1795784971904796,1795784971906220,'REPORTED_PARTNER_ID',NULL,'','','','','','','','','','','','',0,1858863600000000,0,0,4240001,3240,1,1999,80,1795784971921420,'','','',0,1858863600000000,0,0,1333,53,0,-666,-27,53,1,0,2,X'46606195fef8005f03111218bba20173d7320aa105f1d73c6e1d648eb7cdeb6f');
CREATE TABLE items (
	account bigint NOT NULL,
	action bigint NOT NULL,
	position bigint NOT NULL, -- from 0
	sku text NOT NULL,
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
	-- From here on submissions change it.
	name text NOT NULL,
	category text NOT NULL,
	quantity bigint NOT NULL,
	amount bigint NOT NULL,
	rebate bigint NOT NULL,
	line_amount bigint NOT NULL,
	line_quantity bigint NOT NULL,
	payout bigint NOT NULL,
	adjusted bigint,
	adjustment_reason text NOT NULL,
	PRIMARY KEY (account, action, position)
) WITHOUT ROWID;
INSERT INTO items VALUES(1,1,0,'LANTERN','Oil','M-1','Harbor','P1','Storm lantern','Lights',2,1927,0,1927,2,77,'Storm lantern','Lights',2,1927,0,1927,2,77,1795784971593070,'RESET');
INSERT INTO items VALUES(1,1,1,'WICK','','','','','','',1,272,0,272,1,11,'','',1,272,0,272,1,11,1795784971593070,'RESET');
INSERT INTO items VALUES(1,2,0,'BOX','','','','','','',3,9000,0,9000,3,540,'','',3,9000,0,9000,3,540,1795784971624505,'UNDO');
INSERT INTO items VALUES(1,3,0,'ORDER','','','','','','',1,5010,0,5010,1,500,'','',0,0,0,5010,1,0,1795784971681258,'ITEM_RETURNED');
INSERT INTO items VALUES(1,4,0,'Café','','','','','','',1,900,0,900,1,27,'','',0,0,0,900,1,0,1795784971694119,'FAKE_ACCOUNT');
INSERT INTO items VALUES(1,4,1,'B','','','','','','',1,1800,0,1800,1,54,'','',0,0,0,1800,1,0,1795784971694119,'FAKE_ACCOUNT');
INSERT INTO items VALUES(1,5,0,'TEA','','','','','','Tea',4,1799,0,1799,4,144,'','Tea',4,1799,0,1799,4,144,NULL,'');
INSERT INTO items VALUES(1,6,0,'TENT','','','','','','',1,500000,0,500000,1,6000,'','',1,400000,0,400000,1,6000,1795784971667998,'ORDER_ERROR');
INSERT INTO items VALUES(1,9,0,'ORDER','','','','','','',1,777,0,777,1,31,'','',1,777,0,777,1,31,NULL,'');
INSERT INTO items VALUES(1,25,0,'A','','','','','','',2,1927,0,1927,2,150,'','',2,1927,0,1927,2,150,NULL,'');
INSERT INTO items VALUES(1,26,0,'12345','','','','','','',2,1927,0,1927,2,77,'','',1,964,0,1927,2,39,1795784971889885,'ORDER_UPDATE');
INSERT INTO items VALUES(1,26,1,'67890','','','','','','',1,272,0,272,1,11,'','',1,272,0,272,1,11,NULL,'');
INSERT INTO items VALUES(1,27,0,'12345','','','','','','',1,1927,0,1927,1,58,'','',1,1927,0,1927,1,58,NULL,'');
INSERT INTO items VALUES(2,1,0,'お茶','','','','','','',3,1999,0,1999,3,80,'','',2,1333,0,1999,3,53,1795784971921420,'ORDER_UPDATE');
CREATE TABLE updates (
	account bigint NOT NULL,
	number bigint NOT NULL,
	action bigint NOT NULL,
	submission bigint NOT NULL,
	instant bigint NOT NULL, -- grows with the number, so that it needs no index
	item bigint NOT NULL, -- its position
	sku text NOT NULL,
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
	hash blob NOT NULL,
	previous blob NOT NULL,
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
INSERT INTO updates VALUES(1,1,1,1,1795784971393612,0,'LANTERN','IR_BLANK','Lights',2,1927,77,3240326,2240,1,0,'ITEM',40000,X'f2e76d33fec2701620fcfa2c544ba926c6c139a0be2122cfbc54707cb704cd19',X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES(1,2,1,1,1795784971393612,1,'WICK','IR_BLANK','',1,272,11,3240326,2240,1,0,'ITEM',40000,X'4f16602af7d55c9b726053359ef8caeace5baa6acef3e482e5118514c999950e',X'f2e76d33fec2701620fcfa2c544ba926c6c139a0be2122cfbc54707cb704cd19');
INSERT INTO updates VALUES(1,3,2,2,1795784971409038,0,'BOX','IR_BLANK','',3,9000,540,3240327,2241,1,0,'ORDER',60000,X'651c057081ff537a3341b8610ae4c95718c088e02bdd968ce3e306e6e7ddbeed',X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES(1,4,3,3,1795784971422073,0,'ORDER','IR_BLANK','',1,5010,500,3240326,2242,1,0,'ORDER',0,X'4836f0641a45c87215750066959947db74794f10ee13577df8fa78a0cfc283f0',X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES(1,5,4,4,1795784971434873,0,'Café','IR_BLANK','',1,900,27,3240328,2240,1,0,'ITEM',30000,X'08ed060690429178c874d30f0b99d06f589dcae8b9f15a5a2845bbe44e11c774',X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES(1,6,4,4,1795784971434873,1,'B','IR_BLANK','',1,1800,54,3240328,2240,1,0,'ITEM',30000,X'19aee6fc375b9c311c988d958f2d9a93cc38f263b6d4c8fa09ed642cf1fdabaf',X'08ed060690429178c874d30f0b99d06f589dcae8b9f15a5a2845bbe44e11c774');
INSERT INTO updates VALUES(1,7,5,5,1795784971448316,0,'TEA','IR_BLANK','Tea',4,1799,144,3240330,2240,1,1,'ITEM',25000,X'0e4b142dd7c6d485019979a8a766e0923a834027dfa2728ec5041d8251a963d3',X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES(1,8,6,6,1795784971461719,0,'TENT','IR_BLANK','',1,500000,6000,3240329,2240,1,1,'ORDER',50000,X'6af2a78a4927b69ccd87da1dbf5940ee8358a8d00e6b7f751c41fc3e446b7798',X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES(1,9,9,9,1795784971514535,0,'ORDER','IR_BLANK','',1,777,31,3240326,2240,1,0,'ITEM',40000,X'd865a0b69f7f7545f44e7ede432912f0bb4489246403e955fe5f477b2f04d447',X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES(1,10,1,10,1795784971527921,0,'LANTERN','ORDER_UPDATE','Lights',1,-963,-38,3240326,2240,1,0,'ITEM',40000,X'024b89a0d94c0cf3d787da56fc588f795e0252bea9f3a08f789f410fcfe82fc4',X'4f16602af7d55c9b726053359ef8caeace5baa6acef3e482e5118514c999950e');
INSERT INTO updates VALUES(1,11,1,11,1795784971541384,1,'WICK','ORDER_UPDATE','Wicks',1,-161,-7,3240326,2240,1,0,'ITEM',40000,X'a25b28977b7bea4924fff7b69a99e4e30e3e800a46e9864e3534afa96698d349',X'024b89a0d94c0cf3d787da56fc588f795e0252bea9f3a08f789f410fcfe82fc4');
INSERT INTO updates VALUES(1,12,1,12,1795784971555605,0,'LANTERN','HAND_CHECKED','Lights',1,0,0,3240326,2240,1,0,'ITEM',40000,X'00f254fdbe5ec3c78fdb648c0907f6ed4edccbc2dce463e4f83bc96c778d551b',X'a25b28977b7bea4924fff7b69a99e4e30e3e800a46e9864e3534afa96698d349');
INSERT INTO updates VALUES(1,13,1,14,1795784971580658,0,'LANTERN','OTHER','Lights',0,-964,-39,3240326,2240,1,0,'ITEM',40000,X'6ed52ddf243c859cf4dc38a76b1710d56d5ce642df1343a5e8a7eb56950e1cb1',X'00f254fdbe5ec3c78fdb648c0907f6ed4edccbc2dce463e4f83bc96c778d551b');
INSERT INTO updates VALUES(1,14,1,14,1795784971580658,1,'WICK','OTHER','Wicks',0,-111,-4,3240326,2240,1,0,'ITEM',40000,X'2d4a9674164f63e1070fe6163c730367bd81ee56a29648a2cb0effff80f9de29',X'6ed52ddf243c859cf4dc38a76b1710d56d5ce642df1343a5e8a7eb56950e1cb1');
INSERT INTO updates VALUES(1,15,1,15,1795784971593070,0,'LANTERN','RESET','Lights',2,1927,77,3240326,2240,1,0,'ITEM',40000,X'e3a01e1860253703f4f14afea9a94eefc4a1ecb5a2be506b199190372fbb6d57',X'2d4a9674164f63e1070fe6163c730367bd81ee56a29648a2cb0effff80f9de29');
INSERT INTO updates VALUES(1,16,1,15,1795784971593070,1,'WICK','RESET','',1,272,11,3240326,2240,1,0,'ITEM',40000,X'68edf25d07a8e71dc282f710a905df2648698bc59ea971a99a41b9218637e2c8',X'e3a01e1860253703f4f14afea9a94eefc4a1ecb5a2be506b199190372fbb6d57');
INSERT INTO updates VALUES(1,17,2,16,1795784971606748,0,'BOX','ORDER_UPDATE','',2,-3000,-180,3240327,2241,1,0,'ORDER',60000,X'02024db41675b8a91e85b6b672e9f19dec09bb926a1d646bc4df33d5db99ddc7',X'651c057081ff537a3341b8610ae4c95718c088e02bdd968ce3e306e6e7ddbeed');
INSERT INTO updates VALUES(1,18,2,17,1795784971624505,0,'BOX','UNDO','',3,3000,180,3240327,2241,1,0,'ORDER',60000,X'f632d572eae60beda25a6c9471f60645b0b35733159910f35628a8a395199cd9',X'02024db41675b8a91e85b6b672e9f19dec09bb926a1d646bc4df33d5db99ddc7');
INSERT INTO updates VALUES(1,19,5,18,1795784971637218,0,'TEA','EARLY_PAYMENT','Tea',4,0,0,3240330,2240,1,1,'ITEM',25000,X'59469631e343753de26c7db3ee82332557e349db44f8181de3ad69eb9679f0a8',X'0e4b142dd7c6d485019979a8a766e0923a834027dfa2728ec5041d8251a963d3');
INSERT INTO updates VALUES(1,20,6,20,1795784971667998,0,'TENT','ORDER_ERROR','',1,-100000,0,3240329,2240,1,1,'ORDER',50000,X'17181a935602d38b5b8e61ef9952b87450fe8029efc18a187fe30dbe350e0e31',X'6af2a78a4927b69ccd87da1dbf5940ee8358a8d00e6b7f751c41fc3e446b7798');
INSERT INTO updates VALUES(1,21,3,21,1795784971681258,0,'ORDER','ITEM_RETURNED','',0,-5010,-500,3240326,2242,1,0,'ORDER',0,X'bf7f6a4bd2c88f663f9b65d0eb135ce348fd35ec58c4b3317ff80373d89c3514',X'4836f0641a45c87215750066959947db74794f10ee13577df8fa78a0cfc283f0');
INSERT INTO updates VALUES(1,22,4,22,1795784971694119,0,'Café','FAKE_ACCOUNT','',0,-900,-27,3240328,2240,1,0,'ITEM',30000,X'e719dcec160969ec636a2eddf7dc12b366491a38ccd9f2ab2a675cd1afad7d5e',X'19aee6fc375b9c311c988d958f2d9a93cc38f263b6d4c8fa09ed642cf1fdabaf');
INSERT INTO updates VALUES(1,23,4,22,1795784971694119,1,'B','FAKE_ACCOUNT','',0,-1800,-54,3240328,2240,1,0,'ITEM',30000,X'007cf967a507d6fe31631ef2c339fe704d68ea675c5d38dad141e6f318c0078c',X'e719dcec160969ec636a2eddf7dc12b366491a38ccd9f2ab2a675cd1afad7d5e');
INSERT INTO updates VALUES(1,24,25,25,1795784971817519,0,'A','IR_BLANK','',2,1927,150,3240326,2240,1,0,'ORDER',0,X'449e323a80886330dd8d896dd566fb7ae4832a108639611cb4fe4b041068bd67',X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES(1,25,26,26,1795784971866558,0,'12345','IR_BLANK','',2,1927,77,3240326,2240,1,0,'ITEM',40000,X'b458c6b56f881f4b482d83ee7c4005d074026c6505a2e1a7925a6924ab779845',X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES(1,26,26,26,1795784971866558,1,'67890','IR_BLANK','',1,272,11,3240326,2240,1,0,'ITEM',40000,X'3bc1eeedb06217712ddf2cad79037cb102d695f2a7ea46a156b3bb9c5f1f528d',X'b458c6b56f881f4b482d83ee7c4005d074026c6505a2e1a7925a6924ab779845');
INSERT INTO updates VALUES(1,27,27,27,1795784971866558,0,'12345','IR_BLANK','',1,1927,58,3240328,2240,1,0,'ITEM',30000,X'fe6c84c4b9857b0825aee89c5d0e16981efda0c099215b24e6f2364751fbe697',X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES(1,28,26,28,1795784971889885,0,'12345','ORDER_UPDATE','',1,-963,-38,3240326,2240,1,0,'ITEM',40000,X'96227ca48c1d017c7fbec984d58783d0a4510720c75d25b96396f17f80185e8a',X'3bc1eeedb06217712ddf2cad79037cb102d695f2a7ea46a156b3bb9c5f1f528d');
INSERT INTO updates VALUES(2,1,1,1,1795784971906220,0,'お茶','IR_BLANK','',3,1999,80,4240001,3240,1,0,'ITEM',40000,X'df84977382b623d4913edd365408afaabc1e47c7040fe9e322423e5b1568351e',X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO updates VALUES(2,2,1,2,1795784971921420,0,'お茶','ORDER_UPDATE','',2,-666,-27,4240001,3240,1,0,'ITEM',40000,X'46606195fef8005f03111218bba20173d7320aa105f1d73c6e1d648eb7cdeb6f',X'df84977382b623d4913edd365408afaabc1e47c7040fe9e322423e5b1568351e');
CREATE TABLE reference (
	account bigint NOT NULL,
	kind text NOT NULL,
	key text NOT NULL,
	recorded bigint NOT NULL,
	document text NOT NULL, -- JSON
	PRIMARY KEY (account, kind, key, recorded)
) WITHOUT ROWID;
INSERT INTO reference VALUES(1,'account','',1795784970380895,'{"ID":1,"Name":"Trueup Demo","Currency":"USD","Zone":"America/Los_Angeles","Cap":3}');
INSERT INTO reference VALUES(1,'campaign','1000',1795784970380895,'{"ID":1000,"Name":"Harbor Supply Co.","State":"ACTIVE","Type":"ONLINE","FeeRate":"2.5","Pricing":"current"}');
INSERT INTO reference VALUES(1,'contract','3240326',1795784970380895,'{"ID":3240326,"Campaign":1000,"Partner":10001,"Start":"2020-01-01T08:00:00Z","End":"0001-01-01T00:00:00Z"}');
INSERT INTO reference VALUES(1,'contract','3240327',1795784970380895,'{"ID":3240327,"Campaign":1000,"Partner":10002,"Start":"2020-01-01T08:00:00Z","End":"0001-01-01T00:00:00Z"}');
INSERT INTO reference VALUES(1,'contract','3240328',1795784970380895,'{"ID":3240328,"Campaign":1000,"Partner":10003,"Start":"2020-01-01T08:00:00Z","End":"0001-01-01T00:00:00Z"}');
INSERT INTO reference VALUES(1,'contract','3240329',1795784970380895,'{"ID":3240329,"Campaign":1000,"Partner":10004,"Start":"2020-01-01T08:00:00Z","End":"0001-01-01T00:00:00Z"}');
INSERT INTO reference VALUES(1,'contract','3240330',1795784970380895,'{"ID":3240330,"Campaign":1000,"Partner":10005,"Start":"2020-01-01T08:00:00Z","End":"0001-01-01T00:00:00Z"}');
INSERT INTO reference VALUES(1,'contract','3240331',1795784970380895,'{"ID":3240331,"Campaign":1000,"Partner":10006,"Start":"2020-01-01T08:00:00Z","End":"2025-01-01T08:00:00Z"}');
INSERT INTO reference VALUES(1,'event type','2240',1795784970380895,'{"ID":2240,"Campaign":1000,"Name":"Online Sale","Code":"SALE","State":"ACTIVE","CustomerStatuses":["NEW","RETURNING","VIP"],"Dispositions":[{"Code":"HAND_CHECKED","Name":"Checked by hand","Effect":"MODIFY"},{"Code":"EARLY_PAYMENT","Name":"Paid early","Effect":"APPROVE"},{"Code":"FAKE_ACCOUNT","Name":"Order of a made-up customer","Effect":"REJECT"}],"DuplicateDays":365}');
INSERT INTO reference VALUES(1,'event type','2241',1795784970380895,'{"ID":2241,"Campaign":1000,"Name":"Subscription Box","Code":"BOX","State":"ACTIVE","CustomerStatuses":["NEW","RETURNING","VIP"],"Dispositions":[{"Code":"HAND_CHECKED","Name":"Checked by hand","Effect":"MODIFY"},{"Code":"EARLY_PAYMENT","Name":"Paid early","Effect":"APPROVE"},{"Code":"FAKE_ACCOUNT","Name":"Order of a made-up customer","Effect":"REJECT"}],"DuplicateDays":365}');
INSERT INTO reference VALUES(1,'event type','2242',1795784970380895,'{"ID":2242,"Campaign":1000,"Name":"Store Pickup","Code":"PICKUP","State":"ACTIVE","CustomerStatuses":["NEW","RETURNING","VIP"],"Dispositions":[{"Code":"HAND_CHECKED","Name":"Checked by hand","Effect":"MODIFY"},{"Code":"EARLY_PAYMENT","Name":"Paid early","Effect":"APPROVE"},{"Code":"FAKE_ACCOUNT","Name":"Order of a made-up customer","Effect":"REJECT"}],"DuplicateDays":365}');
INSERT INTO reference VALUES(1,'event type','2243',1795784970380895,'{"ID":2243,"Campaign":1000,"Name":"Sample Kit","Code":"SAMPLE","State":"ACTIVE","CustomerStatuses":["NEW","RETURNING","VIP"],"Dispositions":[{"Code":"HAND_CHECKED","Name":"Checked by hand","Effect":"MODIFY"},{"Code":"EARLY_PAYMENT","Name":"Paid early","Effect":"APPROVE"},{"Code":"FAKE_ACCOUNT","Name":"Order of a made-up customer","Effect":"REJECT"}],"DuplicateDays":30}');
INSERT INTO reference VALUES(1,'notification','1',1795784970380895,'{"ID":1,"Campaign":1000,"Events":["modified","reversed"],"Method":"POST","URL":"http://127.0.0.1:9/trueup","Body":"{\"action\":\"{ActionId}\",\"event\":\"{Event}\",\"payout\":{Payout},\"change\":{DeltaPayout},\"items\":{items[]}}","Format":"json","State":"ACTIVE"}');
INSERT INTO reference VALUES(1,'partner','10001',1795784970380895,'{"ID":10001,"Name":"Brightside Reviews","State":"ACTIVE","Currency":"USD","Zone":"America/Los_Angeles","Type":"CONTENT"}');
INSERT INTO reference VALUES(1,'partner','10002',1795784970380895,'{"ID":10002,"Name":"Coupon Corner","State":"ACTIVE","Currency":"USD","Zone":"America/Los_Angeles","Type":"COUPON"}');
INSERT INTO reference VALUES(1,'partner','10003',1795784970380895,'{"ID":10003,"Name":"Trailhead Journal","State":"ACTIVE","Currency":"USD","Zone":"America/Los_Angeles","Type":"CONTENT"}');
INSERT INTO reference VALUES(1,'partner','10004',1795784970380895,'{"ID":10004,"Name":"Cashback Club","State":"ACTIVE","Currency":"USD","Zone":"America/Los_Angeles","Type":"LOYALTY"}');
INSERT INTO reference VALUES(1,'partner','10005',1795784970380895,'{"ID":10005,"Name":"Kitchen Stories","State":"ACTIVE","Currency":"EUR","Zone":"Europe/Berlin","Type":"CONTENT"}');
INSERT INTO reference VALUES(1,'partner','10006',1795784970380895,'{"ID":10006,"Name":"Old Town Deals","State":"PAUSED","Currency":"USD","Zone":"America/Los_Angeles","Type":"COUPON"}');
INSERT INTO reference VALUES(1,'promo code','1000/BRIGHT5',1795784970380895,'{"Campaign":1000,"Code":"BRIGHT5","Partner":10001}');
INSERT INTO reference VALUES(1,'promo code','1000/CORNER10',1795784970380895,'{"Campaign":1000,"Code":"CORNER10","Partner":10002}');
INSERT INTO reference VALUES(1,'promo code','1000/GONE',1795784970380895,'{"Campaign":1000,"Code":"GONE","Partner":10003,"End":"2025-06-01T07:00:00Z"}');
INSERT INTO reference VALUES(1,'promo code','1000/OLDTOWN',1795784970380895,'{"Campaign":1000,"Code":"OLDTOWN","Partner":10006}');
INSERT INTO reference VALUES(1,'promo code','1000/TRAIL',1795784970380895,'{"Campaign":1000,"Code":"TRAIL","Partner":10003}');
INSERT INTO reference VALUES(1,'terms','3240326/2240/1',1795784970380895,'{"Contract":3240326,"EventType":2240,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":null,"Rate":"4"},"Groups":null,"Cap":null,"Locking":{"Days":730,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240326/2241/1',1795784970380895,'{"Contract":3240326,"EventType":2241,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":null,"Rate":"7.5"},"Groups":null,"Cap":null,"Locking":{"Days":730,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240326/2242/1',1795784970380895,'{"Contract":3240326,"EventType":2242,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":"5","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":730,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240326/2243/1',1795784970380895,'{"Contract":3240326,"EventType":2243,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":"0.25","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":730,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240327/2240/1',1795784970380895,'{"Contract":3240327,"EventType":2240,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":null,"Rate":"3"},"Groups":[{"ID":1,"Rules":[{"Variable":"ITEM_CATEGORY","Operator":"IS","Values":["Gift Cards"]}],"Flat":"0","Rate":null},{"ID":2,"Rules":[{"Variable":"CUSTOMER_STATUS","Operator":"IS","Values":["NEW"]},{"Variable":"ORDER_TOTAL","Operator":"GREATER_THAN","Values":["50"]}],"Flat":null,"Rate":"6"}],"Cap":"40","Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240327/2241/1',1795784970380895,'{"Contract":3240327,"EventType":2241,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":null,"Rate":"6"},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240327/2242/1',1795784970380895,'{"Contract":3240327,"EventType":2242,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":"4","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240327/2243/1',1795784970380895,'{"Contract":3240327,"EventType":2243,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":"0.2","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240328/2240/1',1795784970380895,'{"Contract":3240328,"EventType":2240,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":null,"Rate":"3"},"Groups":[{"ID":1,"Rules":[{"Variable":"ITEM_CATEGORY","Operator":"IS","Values":["Gift Cards"]}],"Flat":"0","Rate":null},{"ID":2,"Rules":[{"Variable":"CUSTOMER_STATUS","Operator":"IS","Values":["NEW"]},{"Variable":"ORDER_TOTAL","Operator":"GREATER_THAN","Values":["50"]}],"Flat":null,"Rate":"6"}],"Cap":"40","Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240328/2241/1',1795784970380895,'{"Contract":3240328,"EventType":2241,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":null,"Rate":"6"},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240328/2242/1',1795784970380895,'{"Contract":3240328,"EventType":2242,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":"4","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240328/2243/1',1795784970380895,'{"Contract":3240328,"EventType":2243,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":"0.2","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240329/2240/1',1795784970380895,'{"Contract":3240329,"EventType":2240,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":null,"Rate":"5"},"Groups":[{"ID":1,"Rules":[{"Variable":"CUSTOMER_COUNTRY","Operator":"IS_NOT","Values":["US","CA"]}],"Flat":null,"Rate":"2"}],"Cap":"60","Locking":{"Days":0,"Day":20,"Months":1,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240329/2241/1',1795784970380895,'{"Contract":3240329,"EventType":2241,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":null,"Rate":"8"},"Groups":null,"Cap":null,"Locking":{"Days":0,"Day":20,"Months":1,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240330/2240/1',1795784970380895,'{"Contract":3240330,"EventType":2240,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":null,"Rate":"2.5"},"Groups":[{"ID":1,"Rules":[{"Variable":"ITEM_CATEGORY","Operator":"STARTS_WITH","Values":["Kitchen","Tea"]}],"Flat":null,"Rate":"8"}],"Cap":null,"Locking":{"Days":0,"Day":0,"Months":0,"OpenEnded":true}}');
INSERT INTO reference VALUES(1,'terms','3240331/2240/1',1795784970380895,'{"Contract":3240331,"EventType":2240,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":null,"Rate":"3"},"Groups":[{"ID":1,"Rules":[{"Variable":"ITEM_CATEGORY","Operator":"IS","Values":["Gift Cards"]}],"Flat":"0","Rate":null},{"ID":2,"Rules":[{"Variable":"CUSTOMER_STATUS","Operator":"IS","Values":["NEW"]},{"Variable":"ORDER_TOTAL","Operator":"GREATER_THAN","Values":["50"]}],"Flat":null,"Rate":"6"}],"Cap":"40","Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240331/2241/1',1795784970380895,'{"Contract":3240331,"EventType":2241,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":null,"Rate":"6"},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240331/2242/1',1795784970380895,'{"Contract":3240331,"EventType":2242,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ORDER","Default":{"Flat":"4","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(1,'terms','3240331/2243/1',1795784970380895,'{"Contract":3240331,"EventType":2243,"Version":1,"From":"2020-01-01T08:00:00Z","Level":"ITEM","Default":{"Flat":"0.2","Rate":null},"Groups":null,"Cap":null,"Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(2,'account','',1795784970380895,'{"ID":2,"Name":"Trueup Demo Japan","Currency":"JPY","Zone":"Asia/Tokyo","Cap":1000}');
INSERT INTO reference VALUES(2,'campaign','2000',1795784970380895,'{"ID":2000,"Name":"港町商店 Minatomachi Store","State":"ACTIVE","Type":"ONLINE","FeeRate":"0","Pricing":"current"}');
INSERT INTO reference VALUES(2,'contract','4240001',1795784970380895,'{"ID":4240001,"Campaign":2000,"Partner":20001,"Start":"2019-12-31T15:00:00Z","End":"0001-01-01T00:00:00Z"}');
INSERT INTO reference VALUES(2,'contract','4240002',1795784970380895,'{"ID":4240002,"Campaign":2000,"Partner":20002,"Start":"2019-12-31T15:00:00Z","End":"0001-01-01T00:00:00Z"}');
INSERT INTO reference VALUES(2,'event type','3240',1795784970380895,'{"ID":3240,"Campaign":2000,"Name":"Online Sale","Code":"SALE","State":"ACTIVE","CustomerStatuses":["NEW","RETURNING","VIP"],"Dispositions":[{"Code":"HAND_CHECKED","Name":"Checked by hand","Effect":"MODIFY"},{"Code":"EARLY_PAYMENT","Name":"Paid early","Effect":"APPROVE"},{"Code":"FAKE_ACCOUNT","Name":"Order of a made-up customer","Effect":"REJECT"}],"DuplicateDays":365}');
INSERT INTO reference VALUES(2,'partner','20001',1795784970380895,'{"ID":20001,"Name":"お茶だより","State":"ACTIVE","Currency":"JPY","Zone":"Asia/Tokyo","Type":"CONTENT"}');
INSERT INTO reference VALUES(2,'partner','20002',1795784970380895,'{"ID":20002,"Name":"Point Plaza","State":"ACTIVE","Currency":"JPY","Zone":"Asia/Tokyo","Type":"LOYALTY"}');
INSERT INTO reference VALUES(2,'promo code','2000/OCHA',1795784970380895,'{"Campaign":2000,"Code":"OCHA","Partner":20001}');
INSERT INTO reference VALUES(2,'terms','4240001/3240/1',1795784970380895,'{"Contract":4240001,"EventType":3240,"Version":1,"From":"2019-12-31T15:00:00Z","Level":"ITEM","Default":{"Flat":null,"Rate":"4"},"Groups":null,"Cap":null,"Locking":{"Days":730,"Day":0,"Months":0,"OpenEnded":false}}');
INSERT INTO reference VALUES(2,'terms','4240002/3240/1',1795784970380895,'{"Contract":4240002,"EventType":3240,"Version":1,"From":"2019-12-31T15:00:00Z","Level":"ORDER","Default":{"Flat":null,"Rate":"3"},"Groups":null,"Cap":"3000","Locking":{"Days":30,"Day":0,"Months":0,"OpenEnded":false}}');
CREATE TABLE clicks (
	account bigint NOT NULL,
	id text NOT NULL,
	recorded bigint NOT NULL,
	campaign bigint NOT NULL,
	partner bigint NOT NULL,
	customer text NOT NULL,
	instant bigint NOT NULL,
	PRIMARY KEY (account, id, recorded)
) WITHOUT ROWID;
INSERT INTO clicks VALUES(1,'demo-click-1',1795784970380895,1000,10003,'C-100001',1768498200000000);
INSERT INTO clicks VALUES(1,'demo-click-2',1795784970380895,1000,10001,'',1768500000000000);
CREATE TABLE tokens (
	account bigint NOT NULL,
	sid text NOT NULL,
	name text NOT NULL,
	hash blob NOT NULL,
	version bigint NOT NULL,
	created bigint NOT NULL,
	disabled bigint, scopes text NOT NULL DEFAULT '*', hourly bigint NOT NULL DEFAULT 0, expires bigint, old_hash blob, old_until bigint,
	PRIMARY KEY (account, sid)
) WITHOUT ROWID;
INSERT INTO tokens VALUES(0,'IR5Y4JY3U2F54EOMOFBQQRT234HG2MYN7Y','ada',X'ca4245faa7105ced339776361f467f1975efb3a1e2d369480844c90ec0cdf145',14,1795784970706236,NULL,'admin',0,NULL,NULL,NULL);
INSERT INTO tokens VALUES(1,'IRBCBSWXSBXJB7B66AIO6WBDXCLZNCRGLI','rotated',X'86c2562d8517ec16f8f4b983611d95beda03ad1c3ba75f8a936271682a2b9991',14,1795784970668579,1795784971002644,'*:read',0,NULL,X'163a1644705f2112c0735f33765cc4b823fc0d852ea6f00aa178a22c2f297cdd',1795871370729594);
INSERT INTO tokens VALUES(1,'IRQ4WHAR3GGCSNBQBY3VLYIX7EZ4YVHRNP','fixture',X'66c0e621038aacff44f9f17d529ec96b0a2783a8a7973904667a4ba175b81fb8',14,1795784970650092,NULL,'*',0,NULL,NULL,NULL);
INSERT INTO tokens VALUES(2,'IRWXIEH6B7YWSEELBADKBPB76DJUKOVWJ6','yen',X'7636a79ea1cd5c2518c86b8bf559091ad1233f7da1afc310d2b19603f099e75a',14,1795784970687390,NULL,'*',0,NULL,NULL,NULL);
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('actions','actions_customer','0 0 0 0 0');
INSERT INTO sqlite_stat1 VALUES('outcomes','outcomes_failed','0 0 0');
INSERT INTO sqlite_stat1 VALUES('submissions','submissions_order','0 0 0 0');
INSERT INTO sqlite_stat1 VALUES('clicks','clicks_customer','0 0 0 0 0');
INSERT INTO sqlite_stat1 VALUES('migrations',NULL,'1');
INSERT INTO sqlite_stat1 VALUES('submissions','submissions','4000000 4000000 1');
INSERT INTO sqlite_stat1 VALUES('submissions','submissions_order','2000000 2000000 4 1');
INSERT INTO sqlite_stat1 VALUES('outcomes','outcomes','4000000 4000000 1');
INSERT INTO sqlite_stat1 VALUES('outcomes','outcomes_failed','40000 40000 1');
INSERT INTO sqlite_stat1 VALUES('actions','actions','1000000 1000000 1');
INSERT INTO sqlite_stat1 VALUES('actions','actions_order','1000000 1000000 2 2 1');
INSERT INTO sqlite_stat1 VALUES('actions','actions_customer','500000 500000 3 3 1');
INSERT INTO sqlite_stat1 VALUES('actions','actions_updated','1000000 1000000 20 20 20 20 1');
INSERT INTO sqlite_stat1 VALUES('actions','actions_event_date','1000000 1000000 2 2 1');
INSERT INTO sqlite_stat1 VALUES('actions','actions_locking','1000000 1000000 2000 2000 2000 1');
INSERT INTO sqlite_stat1 VALUES('items','items','2000000 2000000 2 1');
INSERT INTO sqlite_stat1 VALUES('items','items_sku','2000000 2000000 200 1');
INSERT INTO sqlite_stat1 VALUES('updates','updates','5000000 5000000 1');
INSERT INTO sqlite_stat1 VALUES('updates','updates_action','5000000 5000000 5 1');
INSERT INTO sqlite_stat1 VALUES('reference','reference','10000 10000 2000 2 1');
INSERT INTO sqlite_stat1 VALUES('reference','reference_recorded','10000 10000 100');
INSERT INTO sqlite_stat1 VALUES('clicks','clicks','1000000 1000000 1 1');
INSERT INTO sqlite_stat1 VALUES('clicks','clicks_customer','500000 500000 3 3 1');
INSERT INTO sqlite_stat1 VALUES('keys','keys','1000000 1000000 1');
INSERT INTO sqlite_stat1 VALUES('keys','keys_given','1000000 1000000 2 1');
INSERT INTO sqlite_stat1 VALUES('inquiries','inquiries','100000 100000 1');
INSERT INTO sqlite_stat1 VALUES('inquiries','inquiries_order','100000 100000 1 1');
INSERT INTO sqlite_stat1 VALUES('inquiries','inquiries_transacted','100000 100000 2 1');
INSERT INTO sqlite_stat1 VALUES('inquiries','inquiries_status','100000 100000 25000 1');
INSERT INTO sqlite_stat1 VALUES('deeds','deeds','100000 100000 1');
INSERT INTO sqlite_stat1 VALUES('parking','parking','100 100 1');
INSERT INTO sqlite_stat1 VALUES('retries','retries','100000 100000 1');
INSERT INTO sqlite_stat1 VALUES('files','files','1000 1000 1');
INSERT INTO sqlite_stat1 VALUES('files','files_sum','1000 1000 1');
INSERT INTO sqlite_stat1 VALUES('files','files_unread','2 2 1');
INSERT INTO sqlite_stat1 VALUES('file_contents','sqlite_autoindex_file_contents_1','2 2 1');
INSERT INTO sqlite_stat1 VALUES('file_rows','file_rows','1000000 1000000 1000 1');
INSERT INTO sqlite_stat1 VALUES('file_rows','file_rows_submission','1000000 1000000 1 1 1');
INSERT INTO sqlite_stat1 VALUES('file_rows','file_rows_fault','10000 10000 20 1');
INSERT INTO sqlite_stat1 VALUES('notifications','notifications','20 20 1');
INSERT INTO sqlite_stat1 VALUES('deliveries','deliveries','10000 10000 1000 1');
INSERT INTO sqlite_stat1 VALUES('deliveries','deliveries_due','10000 10000 1000 10 1');
INSERT INTO sqlite_stat1 VALUES('deliveries','deliveries_action','10000 10000 1000 2 1');
INSERT INTO sqlite_stat1 VALUES('deliveries','deliveries_lost','10000 10000 2');
INSERT INTO sqlite_stat1 VALUES('outcomes','outcomes_unchanged','40000 40000 2 1');
ANALYZE sqlite_schema;
CREATE TABLE keys (
	account bigint NOT NULL,
	key text NOT NULL,
	request blob NOT NULL, -- keyed hash of the request
	given bigint NOT NULL,
	submission bigint NOT NULL, -- its number, or 0 for a write that took effect at once
	resource text NOT NULL, -- what such a write changed, or ''
	PRIMARY KEY (account, key)
) WITHOUT ROWID;
INSERT INTO keys VALUES(1,'key-1',X'2a4f5fa0f03398bbaa6a6a5db438b74319fa6d6686fb10000a5f860218a81720',1795784971460615,6,'');
CREATE TABLE inquiry_numbers (
	account bigint NOT NULL,
	number bigint NOT NULL, -- the last one given
	instant bigint NOT NULL, -- the last one given
	PRIMARY KEY (account)
) WITHOUT ROWID;
INSERT INTO inquiry_numbers VALUES(1,3,1795784971802778);
CREATE TABLE inquiries (
	account bigint NOT NULL,
	number bigint NOT NULL,
	created bigint NOT NULL, -- grows with the number, so that it needs no index
	campaign bigint NOT NULL,
	partner bigint NOT NULL,
	order_id text NOT NULL,
	transacted bigint NOT NULL,
	-- From here on answers change it.
	status text NOT NULL,
	submission bigint NOT NULL, -- its number, or 0
	document text NOT NULL, -- JSON
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
INSERT INTO inquiries VALUES(1,1,1795784971764760,1000,10001,'Q-1',1790874000000000,'VALID',25,'{"Number":1,"Created":"2026-11-27T13:09:31.76476Z","Campaign":1000,"Partner":10001,"Order":"Q-1","Date":"2026-10-01T17:00:00Z","Amount":"21.99","Type":"UNTRACKED","ExpectedPayout":"1","Comment":"It is missing","Currency":"USD","Comments":[{"User":"Brightside Reviews","Text":"It is missing","At":"2026-11-27T13:09:31.76476Z"},{"User":"Trueup Demo","Text":"Found it","At":"2026-11-27T13:09:31.815792Z"}],"Status":"VALID","Resolution":{"Status":"VALID","Notes":"Found it","EventType":2240,"FinalPayout":"1.5","Lines":[{"Number":1,"SKU":"A","Quantity":2,"SubTotal":"19.27"}]},"Resolved":"2026-11-27T13:09:31.815792Z","Submission":25}');
INSERT INTO inquiries VALUES(1,2,1795784971783467,1000,10002,'F-2',1790838000000000,'DECLINED',0,'{"Number":2,"Created":"2026-11-27T13:09:31.783467Z","Campaign":1000,"Partner":10002,"Order":"F-2","Date":"2026-10-01T07:00:00Z","Type":"INCORRECT","Currency":"USD","Status":"DECLINED","Resolution":{"Status":"DECLINED","RejectReason":"paid"},"Resolved":"2026-11-27T13:09:31.828829Z"}');
INSERT INTO inquiries VALUES(1,3,1795784971802778,1000,10003,'Q-3',1790924400000000,'INCOMPLETE',0,'{"Number":3,"Created":"2026-11-27T13:09:31.802778Z","Campaign":1000,"Partner":10003,"Order":"Q-3","Date":"2026-10-02T07:00:00Z","Amount":"5","Type":"UNTRACKED","Currency":"USD","Comments":[{"User":"Trueup Demo","Text":"Which shop?","At":"2026-11-27T13:09:31.839953Z"}],"Status":"INCOMPLETE","Resolution":{"Status":"INCOMPLETE","Notes":"Which shop?"}}');
CREATE TABLE deeds (
	account bigint NOT NULL,
	number bigint NOT NULL,
	instant bigint NOT NULL,
	via text NOT NULL,
	actor text NOT NULL, -- a token's SID or a user of the operating system
	actor_name text NOT NULL,
	verb text NOT NULL,
	subject text NOT NULL,
	reason text NOT NULL,
	detail text NOT NULL,
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
INSERT INTO deeds VALUES(0,1,1795784970709546,'COMMAND','root','root','create token','token IR5Y4JY3U2F54EOMOFBQQRT234HG2MYN7Y','','"ada", version 14, scopes admin');
INSERT INTO deeds VALUES(1,1,1795784970380895,'COMMAND','root','root','record','account 1','','account, campaign 1000, click demo-click-1, click demo-click-2, contract 3240326, contract 3240327, contract 3240328, contract 3240329, contract 3240330, contract 3240331, event type 2240, event type 2241, event type 2242, event type 2243, notification 1, partner 10001, partner 10002, partner 10003, partner 10004, partner 10005, partner 10006, promo code 1000/BRIGHT5, promo code 1000/CORNER10, promo code 1000/GONE, promo code 1000/OLDTOWN, promo code 1000/TRAIL, terms 3240326/2240/1, terms 3240326/2241/1, terms 3240326/2242/1, terms 3240326/2243/1, terms 3240327/2240/1, terms 3240327/2241/1, terms 3240327/2242/1, terms 3240327/2243/1, terms 3240328/2240/1, terms 3240328/2241/1, terms 3240328/2242/1, terms 3240328/2243/1, terms 3240329/2240/1, terms 3240329/2241/1, terms 3240330/2240/1, terms 3240331/2240/1, terms 3240331/2241/1, terms 3240331/2242/1, terms 3240331/2243/1');
INSERT INTO deeds VALUES(1,2,1795784970654602,'COMMAND','root','root','create token','token IRQ4WHAR3GGCSNBQBY3VLYIX7EZ4YVHRNP','','"fixture", version 14, scopes *');
INSERT INTO deeds VALUES(1,3,1795784970672911,'COMMAND','root','root','create token','token IRBCBSWXSBXJB7B66AIO6WBDXCLZNCRGLI','','"rotated", version 14, scopes *:read');
INSERT INTO deeds VALUES(1,4,1795784970729594,'COMMAND','root','root','rotate token','token IRBCBSWXSBXJB7B66AIO6WBDXCLZNCRGLI','','"rotated", version 14, scopes *:read, the secret before opens until 2026-11-28T13:09:30Z');
INSERT INTO deeds VALUES(1,5,1795784971002555,'COMMAND','root','root','disable token','token IRBCBSWXSBXJB7B66AIO6WBDXCLZNCRGLI','','"rotated", version 14, scopes *:read, the secret before opens until 2026-11-28T13:09:30Z');
INSERT INTO deeds VALUES(1,6,1795784971727579,'COMMAND','root','root','set cap','action 1000.2240.1','a loop in the shop','from 3 to 9');
INSERT INTO deeds VALUES(1,7,1795784971744485,'COMMAND','root','root','retry','submission A-01a21d20-15bb-8af0-8ebb-000000000017','try again','as A-01a21d20-15e0-8af0-8ebb-000000000018');
INSERT INTO deeds VALUES(1,8,1795784971764760,'COMMAND','root','root','create inquiry','inquiry 1','','order "Q-1" of partner 10001');
INSERT INTO deeds VALUES(1,9,1795784971783467,'COMMAND','root','root','create inquiry','inquiry 2','','order "F-2" of partner 10002');
INSERT INTO deeds VALUES(1,10,1795784971802778,'COMMAND','root','root','create inquiry','inquiry 3','','order "Q-3" of partner 10003');
INSERT INTO deeds VALUES(2,1,1795784970380895,'COMMAND','root','root','record','account 2','','account, campaign 2000, contract 4240001, contract 4240002, event type 3240, partner 20001, partner 20002, promo code 2000/OCHA, terms 4240001/3240/1, terms 4240002/3240/1');
INSERT INTO deeds VALUES(2,2,1795784970691728,'COMMAND','root','root','create token','token IRWXIEH6B7YWSEELBADKBPB76DJUKOVWJ6','','"yen", version 14, scopes *');
CREATE TABLE parking (
	account bigint NOT NULL,
	number bigint NOT NULL, -- the submission's
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
CREATE TABLE retries (
	account bigint NOT NULL,
	number bigint NOT NULL, -- of the submission that failed
	again bigint NOT NULL, -- of the one that it was submitted again as
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
INSERT INTO retries VALUES(1,23,24);
CREATE TABLE files (
	account bigint NOT NULL,
	number bigint NOT NULL,
	accepted bigint NOT NULL,
	name text NOT NULL,
	kind text NOT NULL,
	sum blob NOT NULL, -- SHA-256 of its bytes
	records bigint NOT NULL, -- rows it has
	taken bigint NOT NULL, -- entries taken: rows, or orders of several rows
	faults bigint NOT NULL, -- rows that became no submission
	first_submission bigint NOT NULL, -- 0 if it has none
	last_submission bigint NOT NULL,
	read bigint, -- when the last entry was taken
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
INSERT INTO files VALUES(1,1,1795784971861161,'orders.csv','Conversion',X'68977b739a1898450997a6b354b85ecdfb3ca878d35d5adee82c8b5aa4f330d0',3,2,0,26,27,1795784971865134);
INSERT INTO files VALUES(1,2,1795784971885119,'returns.csv','Modification',X'f55298979e52a87fb92da29d2689d40e990ec42c201136f37e702651f6789802',3,3,1,28,29,1795784971888785);
CREATE TABLE file_contents (
	account bigint NOT NULL,
	file bigint NOT NULL,
	content blob NOT NULL,
	PRIMARY KEY (account, file)
);
CREATE TABLE file_rows (
	account bigint NOT NULL,
	file bigint NOT NULL,
	line bigint NOT NULL,
	item bigint NOT NULL, -- number of the item that the row reports, or 0
	submission bigint NOT NULL, -- 0 if it became none
	fault text NOT NULL, -- JSON of why, or ''
	PRIMARY KEY (account, file, line)
) WITHOUT ROWID;
INSERT INTO file_rows VALUES(1,1,2,1,26,'');
INSERT INTO file_rows VALUES(1,1,3,2,26,'');
INSERT INTO file_rows VALUES(1,1,4,1,27,'');
INSERT INTO file_rows VALUES(1,2,2,1,28,'');
INSERT INTO file_rows VALUES(1,2,3,1,0,'{"EventType":2240,"Order":"T-1","SKU":"67890","Code":"MALFORMED","Message":"Quantity: Not a whole number"}');
INSERT INTO file_rows VALUES(1,2,4,1,29,'');
CREATE TABLE notifications (
	account bigint NOT NULL,
	id bigint NOT NULL,
	active smallint NOT NULL,
	position bigint NOT NULL, -- number of the last update that it is done with
	PRIMARY KEY (account, id)
) WITHOUT ROWID;
INSERT INTO notifications VALUES(1,1,1,28);
CREATE TABLE deliveries (
	account bigint NOT NULL,
	notification bigint NOT NULL,
	number bigint NOT NULL, -- of the last update of its submission
	action bigint NOT NULL,
	submission bigint NOT NULL,
	attempts bigint NOT NULL,
	due bigint, -- the next attempt, not before that of an earlier one of its action; none once given up
	lost bigint, -- when it was given up; none while it waits
	tried bigint, -- the last attempt
	status bigint NOT NULL, -- HTTP status of the last answer, or 0
	error text NOT NULL,
	PRIMARY KEY (account, notification, number)
) WITHOUT ROWID;
INSERT INTO deliveries VALUES(1,1,10,1,10,1,1795784981530965,NULL,1795784971530965,0,'dial tcp 127.0.0.1:9: connect: connection refused');
INSERT INTO deliveries VALUES(1,1,11,1,11,0,1795784981530965,NULL,NULL,0,'');
INSERT INTO deliveries VALUES(1,1,12,1,12,0,1795784981530965,NULL,NULL,0,'');
INSERT INTO deliveries VALUES(1,1,14,1,14,0,1795784981530965,NULL,NULL,0,'');
INSERT INTO deliveries VALUES(1,1,16,1,15,0,1795784981530965,NULL,NULL,0,'');
INSERT INTO deliveries VALUES(1,1,17,2,16,1,1795784981610614,NULL,1795784971610614,0,'dial tcp 127.0.0.1:9: connect: connection refused');
INSERT INTO deliveries VALUES(1,1,18,2,17,0,1795784981610614,NULL,NULL,0,'');
INSERT INTO deliveries VALUES(1,1,19,5,18,1,1795784981638787,NULL,1795784971638787,0,'dial tcp 127.0.0.1:9: connect: connection refused');
INSERT INTO deliveries VALUES(1,1,20,6,20,1,1795784981669424,NULL,1795784971669424,0,'dial tcp 127.0.0.1:9: connect: connection refused');
INSERT INTO deliveries VALUES(1,1,21,3,21,1,1795784981682735,NULL,1795784971682735,0,'dial tcp 127.0.0.1:9: connect: connection refused');
INSERT INTO deliveries VALUES(1,1,23,4,22,1,1795784981695933,NULL,1795784971695933,0,'dial tcp 127.0.0.1:9: connect: connection refused');
INSERT INTO deliveries VALUES(1,1,28,26,28,1,1795784982282165,NULL,1795784972282165,0,'dial tcp 127.0.0.1:9: connect: connection refused');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('migrations',9);
CREATE INDEX submissions_order ON submissions (account, order_id, number) WHERE order_id <> '';
CREATE INDEX outcomes_failed ON outcomes (account, number) WHERE error_type <> '';
CREATE INDEX actions_order ON actions (account, order_id, event_type, number);
CREATE INDEX actions_customer ON actions (account, customer, campaign, event_date) WHERE customer <> '';
CREATE INDEX actions_updated ON actions (account, updated, campaign, reversed, locking, number);
CREATE INDEX actions_event_date ON actions (account, event_date, campaign, number);
CREATE INDEX actions_locking ON actions (account, locking, open_ended, campaign, number);
CREATE INDEX items_sku ON items (account, sku, action);
CREATE INDEX updates_action ON updates (account, action, number);
CREATE INDEX reference_recorded ON reference (account, recorded);
CREATE INDEX clicks_customer ON clicks (account, customer, campaign, instant) WHERE customer <> '';
CREATE INDEX tokens_sid ON tokens (sid);
CREATE INDEX keys_given ON keys (account, given);
CREATE INDEX inquiries_order ON inquiries (account, order_id, number);
CREATE INDEX inquiries_transacted ON inquiries (account, transacted, number);
CREATE INDEX inquiries_status ON inquiries (account, status, number);
CREATE INDEX files_sum ON files (account, sum);
CREATE INDEX files_unread ON files (account, number) WHERE read IS NULL;
CREATE INDEX file_rows_submission ON file_rows (account, submission, file, line) WHERE submission <> 0;
CREATE INDEX file_rows_fault ON file_rows (account, file, line) WHERE fault <> '';
CREATE INDEX deliveries_due ON deliveries (account, notification, due, number) WHERE due IS NOT NULL;
CREATE INDEX deliveries_action ON deliveries (account, notification, action, number) WHERE due IS NOT NULL;
CREATE INDEX deliveries_lost ON deliveries (account, lost) WHERE lost IS NOT NULL;
CREATE INDEX outcomes_unchanged ON outcomes (account, action, number) WHERE action <> 0 AND first_update = 0;
COMMIT;
