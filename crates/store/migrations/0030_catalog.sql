-- Products with their draft and what is on sale, specifications, submissions to review, pictures.

-- A picture, re-encoded by us; found by its content, so the same picture is kept once per seller.
CREATE TABLE images (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    content_hash TEXT NOT NULL,
    media_type TEXT NOT NULL CHECK (media_type = 'image/png'),
    width BIGINT NOT NULL CHECK (width BETWEEN 1 AND 4096),
    height BIGINT NOT NULL CHECK (height BETWEEN 1 AND 4096),
    bytes BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX images_organisation_id_content_hash_unique ON images (organisation_id, content_hash);
CREATE INDEX images_content_hash ON images (content_hash);

CREATE TABLE products (
    id TEXT PRIMARY KEY,
    seller_id TEXT NOT NULL REFERENCES organisations (id),
    delivery TEXT NOT NULL CHECK (delivery IN ('saas', 'image', 'licence', 'professional_service', 'consulting')),
    slug TEXT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'in_review', 'listed', 'frozen', 'discontinued')),
    visibility TEXT CHECK (visibility IN ('public', 'hidden')),
    listed_at BIGINT,
    frozen_at BIGINT,
    discontinued_at BIGINT,
    draft TEXT NOT NULL,
    draft_version BIGINT NOT NULL CHECK (draft_version > 0),
    draft_saved_at BIGINT NOT NULL,
    content TEXT,
    -- The picture of the contents, so that lists of products find its address in one query.
    logo_id TEXT REFERENCES images (id),
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- The same five rows as domain::catalog::ProductState.
    CONSTRAINT products_facts_match_a_state CHECK (
        (state IN ('draft', 'in_review') AND visibility IS NULL     AND listed_at IS NULL     AND frozen_at IS NULL     AND discontinued_at IS NULL     AND content IS NULL     AND slug IS NULL)
     OR (state = 'listed'                AND visibility IS NOT NULL AND listed_at IS NOT NULL AND frozen_at IS NULL     AND discontinued_at IS NULL     AND content IS NOT NULL AND slug IS NOT NULL)
     OR (state = 'frozen'                AND visibility IS NOT NULL AND listed_at IS NOT NULL AND frozen_at IS NOT NULL AND discontinued_at IS NULL     AND content IS NOT NULL AND slug IS NOT NULL)
     OR (state = 'discontinued'          AND visibility IS NULL     AND listed_at IS NOT NULL AND frozen_at IS NULL     AND discontinued_at IS NOT NULL AND content IS NOT NULL AND slug IS NOT NULL)
    )
);
CREATE UNIQUE INDEX products_slug_unique ON products (slug);
CREATE INDEX products_seller_id ON products (seller_id, created_at);
CREATE INDEX products_changed_at ON products (changed_at);
-- Product pages and the home page count what is on sale: without the rows, which hold whole texts.
CREATE INDEX products_on_sale ON products (state, visibility, seller_id);

-- What an order names. A specification that a change leaves out stays here, discontinued, for those who bought it.
CREATE TABLE specifications (
    id TEXT PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES products (id),
    position BIGINT NOT NULL,
    content TEXT NOT NULL,
    discontinued_at BIGINT
);
CREATE INDEX specifications_product_id ON specifications (product_id, position);

CREATE TABLE release_applications (
    id TEXT PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES products (id),
    seller_id TEXT NOT NULL REFERENCES organisations (id),
    kind TEXT NOT NULL CHECK (kind IN ('release', 'modify')),
    content TEXT NOT NULL,
    cases_replayed BIGINT NOT NULL CHECK (cases_replayed >= 0),
    submitted_by TEXT NOT NULL REFERENCES users (id),
    submitted_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'withdrawn', 'approved', 'rejected')),
    claimed_by TEXT REFERENCES users (id),
    claimed_at BIGINT,
    decided_by TEXT REFERENCES users (id),
    decided_at BIGINT,
    reason TEXT,
    field_reasons TEXT,
    -- The same four rows as domain::catalog::ApplicationState.
    CONSTRAINT release_applications_facts_match_a_state CHECK (
        (state = 'pending'   AND (claimed_by IS NULL) = (claimed_at IS NULL)     AND decided_by IS NULL     AND decided_at IS NULL     AND reason IS NULL     AND field_reasons IS NULL)
     OR (state = 'withdrawn' AND claimed_by IS NULL AND claimed_at IS NULL AND decided_by IS NULL     AND decided_at IS NOT NULL AND reason IS NULL     AND field_reasons IS NULL)
     OR (state = 'approved'  AND claimed_by IS NULL AND claimed_at IS NULL AND decided_by IS NOT NULL AND decided_at IS NOT NULL AND reason IS NULL     AND field_reasons IS NULL)
     OR (state = 'rejected'  AND claimed_by IS NULL AND claimed_at IS NULL AND decided_by IS NOT NULL AND decided_at IS NOT NULL AND reason IS NOT NULL AND field_reasons IS NOT NULL)
    )
);
CREATE UNIQUE INDEX release_applications_product_id_unique ON release_applications (product_id) WHERE state = 'pending';
CREATE INDEX release_applications_queue ON release_applications (state, submitted_at);
CREATE INDEX release_applications_seller_id ON release_applications (seller_id, submitted_at);
