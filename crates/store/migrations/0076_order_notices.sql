-- Sellers' systems that are told of each paid order (seller-protocol 3.8), where the seller wants it.
ALTER TABLE interface_addresses ADD COLUMN order_notices TEXT NOT NULL DEFAULT 'off'
    CONSTRAINT interface_addresses_order_notices_known CHECK (order_notices IN ('off', 'on'));

ALTER TABLE seller_calls DROP CONSTRAINT seller_calls_step_known;
ALTER TABLE seller_calls ADD CONSTRAINT seller_calls_step_known CHECK (step IN ('create', 'refresh', 'release', 'notify'));
ALTER TABLE seller_calls DROP CONSTRAINT seller_calls_activity_known;
ALTER TABLE seller_calls ADD CONSTRAINT seller_calls_activity_known
    CHECK (activity IS NULL OR activity IN ('newInstance', 'queryInstance', 'releaseInstance', 'orderNotify'));
-- an order is told of once
CREATE UNIQUE INDEX seller_calls_notify_unique ON seller_calls (order_id) WHERE step = 'notify';
