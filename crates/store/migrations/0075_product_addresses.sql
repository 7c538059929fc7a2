-- When a product got the production address that it is sold with: what the address did before is not counted against the product.
-- None for what was listed before this was kept: then the day of its listing counts.
ALTER TABLE products ADD COLUMN addressed_at BIGINT;
