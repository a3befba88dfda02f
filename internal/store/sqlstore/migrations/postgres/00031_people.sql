-- +goose Up

-- People who sign in to the console. They are rows of account 0.
CREATE TABLE people (
	account bigint NOT NULL,
	person bigint NOT NULL,
	email text COLLATE "C" NOT NULL, -- in lower case
	name text NOT NULL,
	created bigint NOT NULL,
	disabled bigint NOT NULL, -- 0 or 1
	password text COLLATE "C" NOT NULL, -- its argon2id hash, or ''
	secret text COLLATE "C" NOT NULL, -- of one-time codes, or ''
	pending_secret text COLLATE "C" NOT NULL, -- which replaces it once it is confirmed, or ''
	step bigint NOT NULL, -- of the last accepted code
	epoch bigint NOT NULL, -- the number of times that the sessions were ended
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, person)
);
CREATE UNIQUE INDEX people_email ON people (account, email);

-- The roles of people in accounts.
CREATE TABLE members (
	account bigint NOT NULL,
	person bigint NOT NULL,
	role text COLLATE "C" NOT NULL,
	partner bigint NOT NULL, -- of the role partner, or 0
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, person)
);
CREATE INDEX members_person ON members (person, account);

-- Links that sign a person in once. They are rows of account 0.
CREATE TABLE links (
	account bigint NOT NULL,
	hash text COLLATE "C" NOT NULL, -- of the secret, hexadecimal
	person bigint NOT NULL,
	purpose text COLLATE "C" NOT NULL,
	expires bigint NOT NULL,
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, hash)
);
CREATE INDEX links_person ON links (account, person);
CREATE INDEX links_expires ON links (account, expires);

-- Sessions of the console. They are rows of account 0.
CREATE TABLE sessions (
	account bigint NOT NULL,
	hash text COLLATE "C" NOT NULL, -- of the token, hexadecimal
	person bigint NOT NULL, -- or 0
	ended bigint NOT NULL, -- 0 or 1
	expires bigint NOT NULL,
	data bytea NOT NULL,
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, hash)
);
CREATE INDEX sessions_person ON sessions (account, person);
CREATE INDEX sessions_expires ON sessions (account, expires);

-- Failed attempts to sign in. They are rows of account 0.
CREATE TABLE attempts (
	account bigint NOT NULL,
	hash text COLLATE "C" NOT NULL, -- of the e-mail address, hexadecimal
	count bigint NOT NULL,
	until bigint, -- the end of the lock
	expires bigint NOT NULL,
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, hash)
);
CREATE INDEX attempts_expires ON attempts (account, expires);
