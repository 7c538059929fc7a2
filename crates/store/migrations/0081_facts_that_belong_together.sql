-- What the types say of facts that only exist together, said to the database as well.

ALTER TABLE products ADD CONSTRAINT products_frozen_because_of_a_frozen_one
    CHECK (frozen_because IS NULL OR state = 'frozen');
ALTER TABLE interface_addresses ADD CONSTRAINT interface_addresses_retiring_is_whole
    CHECK ((retiring_key IS NULL) = (retiring_hint IS NULL) AND (retiring_key IS NULL) = (retiring_until IS NULL));
