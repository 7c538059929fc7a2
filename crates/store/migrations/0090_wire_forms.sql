-- What a seller chose about members that travel in two forms: encryptType of version 1.0 (seller-protocol 4) and productInfo of
-- version 2.0 (seller-protocol 3.7). Each has the protocol's default until the seller says otherwise.
ALTER TABLE interface_addresses ADD COLUMN encrypt_type TEXT NOT NULL DEFAULT '1'
    CONSTRAINT interface_addresses_encrypt_type_known CHECK (encrypt_type IN ('1', '2'));
ALTER TABLE interface_addresses ADD COLUMN product_info TEXT NOT NULL DEFAULT 'text'
    CONSTRAINT interface_addresses_product_info_known CHECK (product_info IN ('text', 'object'));
