-- Reading views: names joined in, one flat row a thing. They add no facts. Besides SQLite, DuckDB reads them too, so they do
-- without what only one of the two understands; what is counted in a view has a CAST, or filters would compare it as text.

-- The accepted value of each property that has one, with how surely it is said.
CREATE VIEW accepted AS
SELECT subject_id, property, value, asserted_as, certainty FROM statements WHERE rank = 'preferred';

-- Everything in order of time: events, exits and leaves, starts and ends of tenures. What no source dates stands where the order
-- of the telling or the day of publication puts it: `dated` says on what its place rests.
CREATE VIEW timeline AS
WITH entries AS (
  SELECT e.started AS "when", e.started_day AS "day", e.started_precision AS "precision", e.started_earliest AS earliest, e.started_latest AS latest,
         e.started_earliest_basis AS earliest_basis, e.started_latest_basis AS latest_basis, 'event' AS entry, e.kind, e.story,
         e.label, e.label_zh, e.summary AS what,
         NULLIF((SELECT json_group_array(label) FROM (SELECT DISTINCT s.label FROM event_participants p JOIN subjects s ON s.id = p.subject_id
           WHERE p.event_id = e.id AND p.asserted_as IN ('fact', e.asserted_as) AND p.certainty IN ('certain', e.certainty) AND p.standing <> 'refuted'
           ORDER BY s.label)), '[]') AS who, -- who is told to have taken part as surely as it is told that it happened
         e.place_or_medium, e.asserted_as, e.certainty, a.asserted_as AS date_asserted_as, a.certainty AS date_certainty, e.standing, e.origin_count,
         e.sources, 'events' AS table_name, e.id AS subject_id
    FROM events e LEFT JOIN accepted a ON a.subject_id = e.id AND a.property = 'started'
  UNION ALL
  SELECT COALESCE(d.announced, d.effective), CASE WHEN d.announced IS NULL THEN d.effective_day ELSE d.announced_day END,
         CASE WHEN d.announced IS NULL THEN d.effective_precision ELSE d.announced_precision END,
         CASE WHEN d.announced IS NULL AND d.effective IS NOT NULL THEN d.effective_earliest ELSE d.announced_earliest END,
         CASE WHEN d.announced IS NULL AND d.effective IS NOT NULL THEN d.effective_latest ELSE d.announced_latest END,
         CASE WHEN d.announced IS NULL AND d.effective IS NOT NULL THEN 'stated' ELSE d.announced_earliest_basis END,
         CASE WHEN d.announced IS NULL AND d.effective IS NOT NULL THEN 'stated' ELSE d.announced_latest_basis END,
         CASE d.manner WHEN 'leave_of_absence' THEN 'leave' ELSE 'exit' END, COALESCE(d.manner, 'not_stated'), NULL, d.label, d.label_zh,
         COALESCE(p.label || CASE d.manner WHEN 'leave_of_absence' THEN ' takes leave from ' WHEN 'removed' THEN ' is removed from '
             ELSE CASE WHEN d.destination_id = d.organisation_id AND d.destination_kind <> 'returned' THEN ' gives up a post at ' ELSE ' leaves ' END END || o.label
           || CASE WHEN a.asserted_as <> 'fact' THEN ' (next, as planned or said: ' || x.label || ')'
                   WHEN d.destination_id = d.organisation_id THEN CASE d.destination_kind WHEN 'returned' THEN ' and returns' ELSE ' and stays in another role' END
                   WHEN x.label IS NOT NULL THEN ' (next: ' || x.label || ')' ELSE '' END, d.label),
         json_array(COALESCE(p.label, 'not named')), NULL, d.asserted_as, d.certainty, w.asserted_as, w.certainty, d.standing, d.origin_count,
         d.sources, 'departures', d.id
    FROM departures d JOIN organisations o ON o.id = d.organisation_id LEFT JOIN people p ON p.id = d.person_id
    LEFT JOIN organisations x ON x.id = d.destination_id
    LEFT JOIN accepted a ON a.subject_id = d.id AND a.property = 'destination_id'
    LEFT JOIN accepted w ON w.subject_id = d.id AND w.property = CASE WHEN d.announced IS NULL THEN 'effective' ELSE 'announced' END
   WHERE d.same_as IS NULL
  UNION ALL
  SELECT t.started, t.started_day, t.started_precision, t.started_earliest, t.started_latest, 'stated', 'stated', 'start',
         COALESCE(t.capacity, 'not_stated'), NULL, t.label, t.label_zh, p.label || ' becomes ' || o.label, json_array(p.label), NULL,
         CASE WHEN t.asserted_as = 'fact' THEN a.asserted_as ELSE t.asserted_as END,
         CASE WHEN t.certainty = 'certain' THEN a.certainty ELSE t.certainty END, a.asserted_as, a.certainty, t.standing, t.origin_count, t.sources,
         'tenures', t.id
    FROM tenures t JOIN people p ON p.id = t.person_id JOIN posts o ON o.id = t.post_id
    JOIN accepted a ON a.subject_id = t.id AND a.property = 'started'
  UNION ALL
  SELECT t.ended, t.ended_day, t.ended_precision, t.ended_earliest, t.ended_latest, 'stated', 'stated', 'end',
         COALESCE(t.end_reason, 'not_stated'), NULL, t.label, t.label_zh, p.label || ' ceases to be ' || o.label, json_array(p.label), NULL,
         CASE WHEN t.asserted_as = 'fact' THEN a.asserted_as ELSE t.asserted_as END,
         CASE WHEN t.certainty = 'certain' THEN a.certainty ELSE t.certainty END, a.asserted_as, a.certainty, t.standing, t.origin_count, t.sources,
         'tenures', t.id
    FROM tenures t JOIN people p ON p.id = t.person_id JOIN posts o ON o.id = t.post_id
    JOIN accepted a ON a.subject_id = t.id AND a.property = 'ended'
), placed AS (
  SELECT entries.*,
         CASE WHEN "when" IS NOT NULL THEN 'stated' ELSE COALESCE(earliest_basis, latest_basis) END AS dated,
         COALESCE(earliest, latest) AS place,
         CASE WHEN "when" IS NOT NULL THEN 1 WHEN earliest IS NULL THEN 0 ELSE 2 END AS beside
    FROM entries
)
SELECT p."when", p."day", p."precision", p.earliest, p.latest, p.dated, p.earliest_basis, p.latest_basis,
       CASE WHEN p."when" IS NULL THEN NULLIF((SELECT json_group_array(label) FROM (SELECT o.label FROM accepted a JOIN events o ON o.id = a.value
         WHERE a.subject_id = p.subject_id AND a.property = 'after' ORDER BY o.label)), '[]') END AS told_after,
       CASE WHEN p."when" IS NULL THEN NULLIF((SELECT json_group_array(label) FROM (SELECT o.label FROM accepted a JOIN events o ON o.id = a.value
         WHERE a.subject_id = p.subject_id AND a.property = 'before' ORDER BY o.label)), '[]') END AS told_before,
       p.entry, p.kind,
       COALESCE(p.story, (SELECT MAX(c.code) FROM codes c WHERE c.list = 'story' AND c.since = (SELECT MAX(n.since) FROM codes n
         WHERE n.list = 'story' AND n.since <= p.earliest AND p.latest <= n.until)), 'background') AS story,
       p.label, p.label_zh, p.what, p.who, p.place_or_medium, p.asserted_as, p.certainty, p.date_asserted_as, p.date_certainty,
       p.standing, p.origin_count, p.sources, p.table_name, p.subject_id, p.place
  FROM placed p
 ORDER BY COALESCE(p.place, '9999'), p.beside, p.latest, p.label;

-- Who left OpenAI and its like, as accepted facts; what is only planned, alleged or said in jest stands in planned_or_said. A post whose
-- every spell had ended before the exit is no post left, even if a report of the exit still calls them by it. `for_good` leaves out what
-- the tables call no exit from the organisation: a leave, what was taken back, and who gave up a post and stayed in another role or
-- returned. Who became its adviser has left it, and so has who left a board or a team and stayed with the firm.
CREATE VIEW who_left AS
SELECT COALESCE(p.label, 'not named') AS person, o.label AS organisation,
       NULLIF((SELECT json_group_array(label) FROM (SELECT t.label FROM accepted a JOIN posts t ON t.id = a.value
         WHERE a.subject_id = d.id AND a.property = 'posts'
           AND COALESCE((SELECT MAX(COALESCE(u.possible_to, '9999')) FROM tenures u
             WHERE u.person_id = d.person_id AND u.post_id = a.value AND u.asserted_as = 'fact' AND u.standing <> 'refuted'), '9999')
             > COALESCE(d.effective_earliest, d.announced_earliest, '') ORDER BY t.label)), '[]') AS posts_left,
       d.decided, d.told, d.announced, d.announced_day, d.effective, d.effective_day, d.manner, d.destination_kind,
       CASE WHEN a.asserted_as = 'fact' THEN x.label END AS destination, d.destination_joined,
       CASE WHEN a.asserted_as <> 'fact' THEN x.label END AS destination_planned_or_said, a.certainty AS destination_certainty,
       a.standing AS destination_standing, a.origin_count AS destination_origin_count,
       d.reason, d.planned_return, r.label AS reversed_by,
       CAST(CASE WHEN d.manner = 'leave_of_absence' OR d.reversed_by IS NOT NULL THEN 0
                 WHEN d.destination_id = d.organisation_id THEN COALESCE(d.destination_kind, '') = 'adviser'
                 WHEN d.destination_id IS NULL AND d.destination_kind IN ('stayed', 'returned') THEN 0 ELSE 1 END AS INTEGER) AS for_good,
       d.asserted_as, d.certainty, d.unsure, d.standing, d.origin_count, d.sources,
       d."month", d."year", d.placed_by, d.days_unknown, d.person_id, d.id AS departure_id
  FROM departures d JOIN organisations o ON o.id = d.organisation_id LEFT JOIN people p ON p.id = d.person_id
  LEFT JOIN organisations x ON x.id = d.destination_id LEFT JOIN events r ON r.id = d.reversed_by
  LEFT JOIN statements a ON a.subject_id = d.id AND a.property = 'destination_id' AND a.rank = 'preferred'
 WHERE d.asserted_as = 'fact' AND d.standing <> 'refuted' AND d.same_as IS NULL
 ORDER BY COALESCE(d.effective_earliest, d.announced_earliest, d.effective_latest, d.announced_latest, '9999'), p.label;

-- Who held which post, as accepted facts.
CREATE VIEW tenures_flat AS
SELECT p.label AS person, o.title AS post, g.label AS organisation, o.category, t.capacity, t.started, t.started_day, t.ended, t.ended_day,
       t.end_state, t.end_reason, t.held_on, t.certain_from, t.certain_to, t.possible_from, t.possible_to, t.first_shown, t.last_shown,
       t.asserted_as, t.certainty, t.unsure,
       t.standing, t.origin_count, t.sources, p.id AS person_id, o.id AS post_id, t.organisation_id, t.id AS tenure_id
  FROM tenures t JOIN people p ON p.id = t.person_id JOIN posts o ON o.id = t.post_id JOIN organisations g ON g.id = t.organisation_id
 WHERE t.asserted_as = 'fact' AND t.standing <> 'refuted'
 ORDER BY g.label, o.title, COALESCE(t.possible_from, t.certain_from, '9999'), p.label;

-- How well each thing stands that sources tell of, whatever its kind.
CREATE VIEW standings AS
SELECT 'person' AS kind, label, asserted_as, certainty, standing, origin_count, sources, 'people' AS table_name, id AS subject_id FROM people
UNION ALL SELECT 'organisation', label, asserted_as, certainty, standing, origin_count, sources, 'organisations', id FROM organisations
UNION ALL SELECT 'post', label, asserted_as, certainty, standing, origin_count, sources, 'posts', id FROM posts
UNION ALL SELECT 'product', label, asserted_as, certainty, standing, origin_count, sources, 'products', id FROM products
UNION ALL SELECT 'tenure', label, asserted_as, certainty, standing, origin_count, sources, 'tenures', id FROM tenures
UNION ALL SELECT 'departure', label, asserted_as, certainty, standing, origin_count, sources, 'departures', id FROM departures
UNION ALL SELECT 'event', label, asserted_as, certainty, standing, origin_count, sources, 'events', id FROM events
UNION ALL SELECT 'figure', label, asserted_as, certainty, standing, origin_count, sources, 'figures', id FROM figures
UNION ALL SELECT 'remark', label, asserted_as, certainty, standing, origin_count, sources, 'remarks', id FROM remarks
UNION ALL SELECT 'interpretation', label, asserted_as, certainty, standing, origin_count, sources, 'interpretations', id FROM interpretations;

-- What is only planned, predicted, alleged, argued or said in jest, or was refuted: it stands out of every list of who held or left what.
-- Interpretations are left out: each is what somebody argues.
CREATE VIEW planned_or_said AS
SELECT * FROM standings WHERE (asserted_as <> 'fact' OR standing = 'refuted') AND kind <> 'interpretation' ORDER BY kind, label;

-- Which boards are OpenAI's – the non-profit's, since October 2025 the Foundation's and the Group's –, with the posts on each. That the
-- board is two since, and that at first two chaired it, is why a post stands for one of the first board: who asks for that asks for all.
CREATE VIEW openai_boards AS
SELECT g.label AS board, o.title AS post, o.category,
       replace(replace(replace(o.id, '-foundation-board-', '-board-'), '-group-board-', '-board-'), 'openai-board-co-', 'openai-board-') AS stands_for_id,
       o.id AS post_id, o.organisation_id
  FROM posts o JOIN organisations g ON g.id = o.organisation_id
 WHERE o.organisation_id IN ('openai-board', 'openai-foundation-board', 'openai-group-board')
 ORDER BY o.organisation_id, o.id;

-- Who sat on which of OpenAI's boards at each moment at which a source shows a change of that board or a member on it.
CREATE VIEW board_by_date AS
WITH seats AS (
  SELECT * FROM tenures_flat
   WHERE organisation_id IN (SELECT organisation_id FROM openai_boards) AND category = 'board'
), moments AS (
  SELECT organisation_id, certain_from AS moment FROM seats WHERE certain_from IS NOT NULL
  UNION SELECT organisation_id, certain_to FROM seats WHERE certain_to IS NOT NULL
  UNION SELECT organisation_id, possible_to FROM seats WHERE possible_to IS NOT NULL
)
SELECT s.organisation AS board, m.moment, s.person, s.post,
       CASE WHEN s.certain_from <= m.moment AND (m.moment < s.certain_to OR m.moment = s.certain_from) THEN 'certainly' ELSE 'possibly' END AS held,
       s.certainty, s.standing, s.sources, s.person_id, s.tenure_id, s.organisation_id
  FROM moments m JOIN seats s ON s.organisation_id = m.organisation_id
   AND COALESCE(s.possible_from, s.certain_from, '') <= m.moment AND m.moment < COALESCE(s.possible_to, '9999')
 ORDER BY m.moment, s.organisation_id, s.person, s.post;

-- OpenAI's founders: what the sources show of each since. That no source tells an exit does not say that somebody is still there.
CREATE VIEW founders_now AS
WITH exits AS (
  SELECT d.*, w.for_good FROM departures d LEFT JOIN who_left w ON w.departure_id = d.id
   WHERE d.organisation_id = 'openai' AND d.reversed_by IS NULL AND d.standing <> 'refuted'
), founders AS (
SELECT p.label AS founder,
       CASE
         WHEN EXISTS (SELECT 1 FROM exits d WHERE d.person_id = p.id AND d.for_good = 1) THEN 'left'
         WHEN EXISTS (SELECT 1 FROM exits d WHERE d.person_id = p.id AND d.asserted_as = 'fact' AND d.manner = 'leave_of_absence') THEN 'on leave'
         WHEN EXISTS (SELECT 1 FROM exits d WHERE d.person_id = p.id AND d.asserted_as = 'plan') THEN 'is to leave'
         ELSE 'no exit told' END AS state,
       (SELECT group_concat(COALESCE(d.announced, d.effective, '?') || ' ' || COALESCE(d.manner, ''), '; ') FROM departures d
         WHERE d.person_id = p.id AND d.organisation_id = 'openai') AS exits_and_leaves,
       (SELECT MAX(a.value) FROM tenures u JOIN accepted a ON a.subject_id = u.id AND a.property = 'held_on'
         WHERE u.person_id = p.id AND (u.organisation_id = 'openai' OR u.post_id IN (SELECT post_id FROM openai_boards))) AS last_shown,
       t.certainty, t.standing, t.origin_count, t.sources, p.id AS person_id
  FROM tenures t JOIN people p ON p.id = t.person_id
 WHERE t.post_id = 'openai-founder' AND t.asserted_as = 'fact' AND t.standing <> 'refuted'
)
SELECT * FROM founders ORDER BY state = 'left', state DESC, founder;

-- Every claim, source by source. That a thing exists or happened is half of them and comes last in its source. Names are looked up by
-- subqueries, which cost nothing where nobody asks for them; joins would be made for every count.
CREATE VIEW claims_flat AS
SELECT c.id AS claim_id, (SELECT kind FROM subjects WHERE id = st.subject_id) AS kind,
       (SELECT label FROM subjects WHERE id = st.subject_id) AS subject, st.property, st.value, st.rank, c.polarity, c.mode, c.certainty, c.attribution,
       (SELECT label FROM subjects WHERE id = c.attributed_to_id) AS attributed_to, (SELECT label FROM subjects WHERE id = c.via_source) AS via,
       (SELECT label FROM sources WHERE id = c.source_id) AS source, (SELECT access FROM sources WHERE id = c.source_id) AS access,
       (SELECT line FROM passages WHERE id = c.passage_id) AS line, (SELECT find FROM passages WHERE id = c.passage_id) AS find, c.note, c.checked,
       (SELECT published FROM sources WHERE id = c.source_id) AS published,
       (SELECT published_latest FROM sources WHERE id = c.source_id) AS published_latest,
       (SELECT label FROM subjects WHERE id = c.origin_id) AS origin, st.subject_id, st.id AS statement_id, c.source_id, c.passage_id
  FROM claims c LEFT JOIN statements st ON st.id = c.statement_id -- each has one; the claim leads, so that its index gives the order
 ORDER BY c.source_id, st.property = 'occurs', (SELECT line FROM passages WHERE id = c.passage_id),
       (SELECT "start" FROM passages WHERE id = c.passage_id), c.raw_line, st.subject_id, st.property;

-- Every property on which sources give more than one value or which somebody denies, with what became of it.
CREATE VIEW disagreements AS
WITH rivals AS (
  SELECT subject_id, property FROM statements WHERE rule NOT IN ('only_value', 'side_by_side')
  GROUP BY subject_id, property
)
SELECT sub.kind, sub.label AS subject, st.property, st.value, st.rank, st.rule, st.deprecated_reason,
       CASE WHEN st.rule = 'open' THEN 'open' WHEN st.decision_id IS NULL THEN 'by rule' ELSE 'by decision' END AS settled,
       st.asserted_as, st.certainty, st.claim_count AS claims_for, st.denial_count AS claims_against, st.origin_count,
       (SELECT json_group_array(source_id) FROM (SELECT DISTINCT c.source_id FROM claims c WHERE c.statement_id = st.id ORDER BY c.source_id)) AS sources,
       d.rationale, st.subject_id, st.id AS statement_id, st.decision_id
  FROM rivals r JOIN statements st ON st.subject_id = r.subject_id AND st.property = r.property
  JOIN subjects sub ON sub.id = st.subject_id LEFT JOIN decisions d ON d.id = st.decision_id
 ORDER BY settled DESC, sub.kind, sub.label, st.property, st.rank = 'preferred' DESC, st.value;

-- Every claim beside the statement that it is about; that a thing exists or happened comes last. The statement leads, so that its
-- index gives the order.
CREATE VIEW evidence AS
SELECT (SELECT label FROM subjects WHERE id = st.subject_id) AS subject, st.property, st.value, st.rank, st.rule, c.polarity, c.mode, c.certainty, c.attribution,
       (SELECT label FROM subjects WHERE id = c.attributed_to_id) AS attributed_to, (SELECT label FROM subjects WHERE id = c.via_source) AS via,
       (SELECT label FROM sources WHERE id = c.source_id) AS source, (SELECT line FROM passages WHERE id = c.passage_id) AS line,
       (SELECT find FROM passages WHERE id = c.passage_id) AS find, c.note, (SELECT rationale FROM decisions WHERE id = st.decision_id) AS decision,
       st.subject_id, (SELECT table_name FROM subjects WHERE id = st.subject_id) AS table_name, c.id AS claim_id, st.id AS statement_id, c.source_id
  FROM statements st CROSS JOIN claims c
 WHERE c.statement_id = st.id
 ORDER BY st.subject_id, st.property = 'occurs', st.property, st.rank = 'preferred' DESC, st.value, c.source_id,
       (SELECT line FROM passages WHERE id = c.passage_id), c.raw_line;

-- Per held source: how many lines, and what became of them. `unaccounted` must be 0. That a name stands on a line does not account
-- for the line.
CREATE VIEW line_coverage AS
WITH cited AS (
  SELECT DISTINCT c.source_id, pa.line FROM sources s JOIN claims c ON c.source_id = s.id JOIN passages pa ON pa.id = c.passage_id
    JOIN statements st ON st.id = c.statement_id
   WHERE s.access = 'held' AND NOT EXISTS (SELECT 1 FROM names n WHERE st.property = 'occurs' AND n.passage_id = c.passage_id AND n.subject_id = st.subject_id
                      AND n.text = c.as_named)
), aside AS (
  SELECT DISTINCT a.source_id, a.line FROM set_aside a
   WHERE NOT EXISTS (SELECT 1 FROM cited c WHERE c.source_id = a.source_id AND c.line = a.line)
), counted AS (
  SELECT s.id, s.label, s.line_count, s.blank_count,
         (SELECT COUNT(*) FROM cited c WHERE c.source_id = s.id) AS cited,
         (SELECT COUNT(*) FROM aside a WHERE a.source_id = s.id) AS set_aside,
         (SELECT COUNT(*) FROM claims c WHERE c.source_id = s.id) AS claims,
         (SELECT COUNT(*) FROM passages p WHERE p.source_id = s.id) AS passages
    FROM sources s WHERE s.access = 'held'
)
SELECT id AS source_id, label AS source, line_count AS "lines", blank_count AS blank, CAST(cited AS INTEGER) AS cited,
       CAST(set_aside AS INTEGER) AS set_aside, CAST(line_count - blank_count - cited - set_aside AS INTEGER) AS unaccounted,
       CAST(claims AS INTEGER) AS claims, CAST(passages AS INTEGER) AS passages
  FROM counted ORDER BY id;
