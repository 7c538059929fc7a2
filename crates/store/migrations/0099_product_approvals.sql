-- When the contents on sale were approved: hiding, showing and stopping a product are no review. For what was listed before
-- this was kept, the last approved submission says it, or else the day of the listing.
ALTER TABLE products ADD COLUMN approved_at BIGINT;
UPDATE products SET approved_at = COALESCE(
    (SELECT MAX(a.decided_at) FROM release_applications a WHERE a.product_id = products.id AND a.state = 'approved'),
    listed_at);
