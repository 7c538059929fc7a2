-- Why an operator took a product from sale for good. Events hold only a fingerprint of it.

CREATE TABLE product_removals (
    product_id TEXT   PRIMARY KEY REFERENCES products (id),
    removed_at BIGINT NOT NULL,
    removed_by TEXT   NOT NULL REFERENCES users (id),
    reason     TEXT   NOT NULL
);
