CREATE TEMP TABLE copies AS
SELECT n, gen_random_uuid() AS contact, gen_random_uuid() AS identity, gen_random_uuid() AS lead, gen_random_uuid() AS conversation
FROM generate_series(:from + 1, :to) AS n;
INSERT INTO contacts SELECT s.contact, c.tenant_id, 'Customer ' || s.n, c.avatar_url, c.created_at + s.n, c.updated_at + s.n, 1
FROM copies s, (SELECT * FROM contacts ORDER BY created_at LIMIT 1) c;
INSERT INTO contact_identities SELECT s.identity, i.tenant_id, s.contact, i.account_id, 'copy' || s.n, i.channel_type, i.display_name, i.avatar_url, i.language, i.reachable, i.profile_fetched_at, i.created_at, i.updated_at, 1
FROM copies s, (SELECT * FROM contact_identities ORDER BY created_at LIMIT 1) i;
INSERT INTO leads SELECT s.lead, l.tenant_id, s.contact, l.source_account_id, l.source_channel, l.status, l.assigned_member_id, l.tags, l.note, l.created_at + s.n, l.updated_at + s.n, l.closed_at, 1
FROM copies s, (SELECT * FROM leads ORDER BY created_at LIMIT 1) l;
INSERT INTO conversations SELECT s.conversation, c.tenant_id, c.account_id, 'copy' || s.n, c.thread_kind, c.channel_type, s.contact, s.identity, s.lead, c.status, c.unread_count, c.last_message_preview, c.last_message_kind, c.last_message_at + s.n, c.last_inbound_at, c.participant_name, c.participant_avatar_url, c.reply_token, c.reply_token_expires_at, c.standby, c.last_seq, c.created_at, c.updated_at, 1
FROM copies s, (SELECT * FROM conversations ORDER BY created_at LIMIT 1) c;
DROP TABLE copies;
ANALYZE;
