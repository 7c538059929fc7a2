-- Dial tests of production addresses, and what products remember of being stopped.

CREATE TABLE dial_tests (
    id              TEXT   NOT NULL PRIMARY KEY,
    address_id      TEXT   NOT NULL REFERENCES interface_addresses (id),
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    -- the day in the marketplace's time zone, 2026-05-14
    day             TEXT   NOT NULL CONSTRAINT dial_tests_day_is_one CHECK (length(day) = 10),
    occasion        TEXT   NOT NULL CONSTRAINT dial_tests_occasion_known CHECK (occasion IN ('morning', 'afternoon', 'asked')),
    tested_at       BIGINT NOT NULL,
    cases           BIGINT NOT NULL CONSTRAINT dial_tests_cases_not_negative CHECK (cases >= 0),
    passed          BIGINT NOT NULL CONSTRAINT dial_tests_passed_is_one CHECK (passed IN (0, 1)),
    -- the cases that did not pass, with reasons, as JSON; empty when it passed
    failing         TEXT   NOT NULL
);
-- one test for each morning and each afternoon, whatever the number of nodes
CREATE UNIQUE INDEX dial_tests_address_id_day_occasion_unique ON dial_tests (address_id, day, occasion) WHERE occasion <> 'asked';
CREATE INDEX dial_tests_address ON dial_tests (address_id, tested_at, id);
CREATE INDEX dial_tests_tested ON dial_tests (tested_at);

-- The production address of what is on sale, beside the contents, so that products are found by it.
ALTER TABLE products ADD COLUMN interface_address TEXT;
UPDATE products SET interface_address = (
    SELECT a.id FROM interface_addresses a
    WHERE a.organisation_id = products.seller_id AND products.content LIKE '%"interface_address":"' || a.id || '"%');
CREATE INDEX products_interface_address ON products (interface_address, state);

ALTER TABLE products ADD COLUMN frozen_because TEXT
    CONSTRAINT products_frozen_because_known CHECK (frozen_because IS NULL OR frozen_because IN ('operator', 'dial_tests'));
UPDATE products SET frozen_because = 'operator' WHERE state = 'frozen';
ALTER TABLE products ADD COLUMN unfrozen_at BIGINT;
