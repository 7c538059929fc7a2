-- The key before the present one, live while a new one is being introduced; and a key for each other type of interface.

ALTER TABLE interface_addresses ADD COLUMN retiring_key TEXT;
ALTER TABLE interface_addresses ADD COLUMN retiring_hint TEXT;
ALTER TABLE interface_addresses ADD COLUMN retiring_until BIGINT;

CREATE TABLE bound_keys (
    address_id      TEXT   NOT NULL REFERENCES interface_addresses (id),
    interface_type  TEXT   NOT NULL CONSTRAINT bound_keys_type_known CHECK (interface_type IN
                        ('joint_operations', 'licence_code', 'order_notice')),
    -- sealed by the vault for this row
    sealed_key      TEXT   NOT NULL,
    key_hint        TEXT   NOT NULL CONSTRAINT bound_keys_hint_is_short CHECK (length(key_hint) <= 4),
    key_set_at      BIGINT NOT NULL,
    PRIMARY KEY (address_id, interface_type)
);
