BEGIN TRANSACTION;
CREATE TABLE doc(
    n INTEGER PRIMARY KEY,  -- order of arrival, which is TinyDB's order
    tbl TEXT NOT NULL,
    id TEXT NOT NULL,
    rev INTEGER NOT NULL,   -- the transaction that wrote it last
    body TEXT,              -- JSON; NULL once removed, so that the change feed can tell
    UNIQUE(tbl, id)
) STRICT;
INSERT INTO "doc" VALUES(1,'orders','111-1',1,'{"schema":1,"order":{"id":"111-1","store_id":"us","marketplace_id":"ATVPDKIKX0DER","sales_channel":"","purchased_at":"2026-03-03T10:00:00Z","updated_at":"2026-03-03T11:00:00Z","fetched_at":"2026-03-03T14:59:00Z","status":"Awaiting Shipment","fulfillment":"UNSHIPPED","fulfilled_by":"MERCHANT","prime":"yes","programs":["PRIME"],"service_level":"","requested_service":"","ship_by":{"earliest":null,"latest":"2026-03-03T18:00:00Z"},"deliver_by":{"earliest":null,"latest":"2026-03-05T15:00:00Z"},"label_from":null,"items":[{"id":"11","sku":"MUG","title":"Mug","quantity":1,"quantity_shipped":0,"unit_price":null,"required_confirmation":"none","cancellation_requested":false},{"id":"22","sku":"MUG","title":"Mug","quantity":2,"quantity_shipped":0,"unit_price":null,"required_confirmation":"none","cancellation_requested":false}],"packages":[],"cancellation_requested":false,"ship_to":{"name":"Ada Buyer","company":"","line1":"9 Elm Street","line2":"","line3":"","city":"Boston","region":"MA","postal_code":"02108","country":"US","phone":"6175550123","email":"ada@example.com","residential":null},"ship_to_kind":"","unrecognised":[]},"landing":{"status":"Awaiting Shipment","why":"Not Prime.","at":"2026-03-03T15:00:00Z"},"shipment":{"order_id":"111-1","packages":[{"weight":{"grams":"1000"},"dimensions":{"length_mm":"300","width_mm":"200","height_mm":"100"},"items":[],"insured":null}],"ship_from":{"name":"Dock 4","company":"","line1":"1 Mill Lane","line2":"","line3":"","city":"Reno","region":"NV","postal_code":"89501","country":"US","phone":"7755550100","email":"","residential":null},"confirmation":null,"document_format":"PDF","combined_with":[]},"tags":[{"name":"Gift","by":"ann","at":"2026-03-03T15:00:00Z"}],"removed_tags":[]}');
INSERT INTO "doc" VALUES(2,'orders','111-2',2,'{"schema":1,"order":{"id":"111-2","store_id":"us","marketplace_id":"ATVPDKIKX0DER","sales_channel":"","purchased_at":"2026-03-03T10:00:00Z","updated_at":"2026-03-03T11:00:00Z","fetched_at":"2026-03-03T14:59:00Z","status":"Awaiting Shipment","fulfillment":"UNSHIPPED","fulfilled_by":"MERCHANT","prime":"yes","programs":["PRIME"],"service_level":"","requested_service":"","ship_by":{"earliest":null,"latest":"2026-03-03T18:00:00Z"},"deliver_by":{"earliest":null,"latest":"2026-03-05T15:00:00Z"},"label_from":null,"items":[{"id":"11","sku":"MUG","title":"Mug","quantity":1,"quantity_shipped":0,"unit_price":null,"required_confirmation":"none","cancellation_requested":false},{"id":"22","sku":"MUG","title":"Mug","quantity":2,"quantity_shipped":0,"unit_price":null,"required_confirmation":"none","cancellation_requested":false}],"packages":[],"cancellation_requested":false,"ship_to":{"name":"Ada Buyer","company":"","line1":"9 Elm Street","line2":"","line3":"","city":"Boston","region":"MA","postal_code":"02108","country":"US","phone":"6175550123","email":"ada@example.com","residential":null},"ship_to_kind":"","unrecognised":[]},"landing":{"status":"Awaiting Shipment","why":"Not Prime.","at":"2026-03-03T15:00:00Z"},"shipment":{"order_id":"111-2","packages":[{"weight":{"grams":"1000"},"dimensions":{"length_mm":"300","width_mm":"200","height_mm":"100"},"items":[],"insured":null}],"ship_from":{"name":"Dock 4","company":"","line1":"1 Mill Lane","line2":"","line3":"","city":"Reno","region":"NV","postal_code":"89501","country":"US","phone":"7755550100","email":"","residential":null},"confirmation":null,"document_format":"PDF","combined_with":[]},"tags":[{"name":"Gift","by":"ann","at":"2026-03-03T15:00:00Z"}],"removed_tags":[]}');
INSERT INTO "doc" VALUES(3,'purchases','p1',3,'{"schema":1,"order_id":"111-0000001-0000001","state":"sent","id":"p1","key":"k1","order":{"id":"111-0000001-0000001","store_id":"us","marketplace_id":"ATVPDKIKX0DER","sales_channel":"","purchased_at":"2026-03-03T10:00:00Z","updated_at":"2026-03-03T11:00:00Z","fetched_at":"2026-03-03T14:59:00Z","status":"Awaiting Shipment","fulfillment":"UNSHIPPED","fulfilled_by":"MERCHANT","prime":"yes","programs":["PRIME"],"service_level":"","requested_service":"","ship_by":{"earliest":null,"latest":"2026-03-03T18:00:00Z"},"deliver_by":{"earliest":null,"latest":"2026-03-05T15:00:00Z"},"label_from":null,"items":[{"id":"11","sku":"MUG","title":"Mug","quantity":1,"quantity_shipped":0,"unit_price":null,"required_confirmation":"none","cancellation_requested":false},{"id":"22","sku":"MUG","title":"Mug","quantity":2,"quantity_shipped":0,"unit_price":null,"required_confirmation":"none","cancellation_requested":false}],"packages":[],"cancellation_requested":false,"ship_to":null,"ship_to_kind":"","unrecognised":[]},"shipment":{"order_id":"111-0000001-0000001","packages":[{"weight":{"grams":"1000"},"dimensions":{"length_mm":"300","width_mm":"200","height_mm":"100"},"items":[],"insured":null}],"ship_from":{"name":"Dock 4","company":"","line1":"1 Mill Lane","line2":"","line3":"","city":"Reno","region":"NV","postal_code":"89501","country":"US","phone":"7755550100","email":"","residential":null},"confirmation":null,"document_format":"PDF","combined_with":[]},"rate":{"id":"r1","source":"amazon-buy-shipping","provider":"amazon","order_id":"111-0000001-0000001","shipment_fingerprint":"c340d0551d7d550b","request_token":"t1","carrier_id":"UPS","carrier":"UPS","service_id":"ups-2","service":"UPS 2nd Day Air","charge":{"amount":"8.40","currency":"USD"},"promise":{"pickup":{"earliest":"2026-03-03T16:00:00Z","latest":"2026-03-03T17:00:00Z"},"delivery":{"earliest":null,"latest":"2026-03-05T13:00:00Z"}},"fetched_at":"2026-03-03T14:59:00Z","benefits":[],"confirmations":[],"confirmation_needed":false,"extra_inputs_needed":false,"documents":[{"format":"PDF","width":"4","length":"6","unit":"INCH","dpi":null,"page_layout":"","join":false,"types":["LABEL"]}],"limits":{"max_grams":null,"max_longest_mm":null,"max_length_and_girth_mm":null}},"charge":{"amount":"8.40","currency":"USD"},"steps":[{"state":"sent","at":"2026-03-03T15:00:00Z","by":"ann","note":""}],"label_id":null,"notify_after":null}');
INSERT INTO "doc" VALUES(4,'audit','000000000004.001',4,'{"schema":1,"at":"2026-03-03T15:00:00Z","by":"ann","action":"import","order_id":null,"detail":""}');
INSERT INTO "doc" VALUES(5,'notes','1',7,NULL);
INSERT INTO "doc" VALUES(6,'notes','2',6,'{"a":2}');
CREATE TABLE grid(
        id TEXT PRIMARY KEY,
        store_id TEXT NOT NULL,
        status TEXT NOT NULL,
        prime TEXT NOT NULL,
        ship_by TEXT NOT NULL,
        deliver_by TEXT NOT NULL,
        purchased_at TEXT NOT NULL,
        units INTEGER NOT NULL,
        summary TEXT NOT NULL,
        service_level TEXT NOT NULL,
        place TEXT NOT NULL,
        tags TEXT NOT NULL,
        warnings TEXT NOT NULL,
        tracking_id TEXT NOT NULL,
        purchase_pending INTEGER NOT NULL,
        words TEXT NOT NULL
    ) STRICT;
INSERT INTO "grid" VALUES('111-1','us','Awaiting Shipment','yes','2026-03-03T18:00:00.000000+00:00','2026-03-05T15:00:00.000000+00:00','2026-03-03T10:00:00.000000+00:00',3,'MUG Mug','','Boston, MA','["Gift"]','[]','',0,'111-1
mug
mug
mug
mug
boston


');
INSERT INTO "grid" VALUES('111-2','us','Awaiting Shipment','yes','2026-03-03T18:00:00.000000+00:00','2026-03-05T15:00:00.000000+00:00','2026-03-03T10:00:00.000000+00:00',3,'MUG Mug','','Boston, MA','["Gift"]','[]','',0,'111-2
mug
mug
mug
mug
boston


');
CREATE TABLE meta(one INTEGER PRIMARY KEY CHECK(one = 1), rev INTEGER NOT NULL) STRICT;
INSERT INTO "meta" VALUES(1,7);
CREATE INDEX doc_rev ON doc(rev);
CREATE INDEX grid_ship_by ON grid(ship_by, id);
CREATE INDEX grid_deliver_by ON grid(deliver_by, id);
CREATE INDEX grid_purchased_at ON grid(purchased_at, id);
CREATE INDEX grid_status_ship_by ON grid(status, ship_by, id);
CREATE INDEX grid_status_deliver_by ON grid(status, deliver_by, id);
CREATE INDEX grid_status_purchased_at ON grid(status, purchased_at, id);
CREATE INDEX "doc_orders_order_status" ON doc(json_extract(body, '$.order.status'), n) WHERE tbl = 'orders';
CREATE INDEX "doc_orders_order_store_id" ON doc(json_extract(body, '$.order.store_id'), n) WHERE tbl = 'orders';
CREATE INDEX "doc_purchases_order_id" ON doc(json_extract(body, '$.order_id'), n) WHERE tbl = 'purchases';
CREATE INDEX "doc_purchases_state" ON doc(json_extract(body, '$.state'), n) WHERE tbl = 'purchases';
CREATE INDEX "doc_labels_order_id" ON doc(json_extract(body, '$.order_id'), n) WHERE tbl = 'labels';
CREATE INDEX "doc_labels_state" ON doc(json_extract(body, '$.state'), n) WHERE tbl = 'labels';
CREATE INDEX "doc_notices_order_id" ON doc(json_extract(body, '$.order_id'), n) WHERE tbl = 'notices';
CREATE INDEX "doc_notices_state" ON doc(json_extract(body, '$.state'), n) WHERE tbl = 'notices';
CREATE INDEX "doc_batches_is_open" ON doc(json_extract(body, '$.is_open'), n) WHERE tbl = 'batches';
CREATE INDEX "doc_audit_order_id" ON doc(json_extract(body, '$.order_id'), n) WHERE tbl = 'audit';
COMMIT;
PRAGMA application_id=1347569997;
PRAGMA user_version=1;
