-- Reading views: names joined in, one flat row a thing. They add no facts.

-- Everything in order of time: events, exits and leaves, starts and ends of tenures.
CREATE VIEW timeline AS
SELECT e.started AS "when", e.started_earliest AS earliest, e.started_latest AS latest, 'event' AS entry, e.kind, e.story,
       e.label, e.label_zh, e.summary AS what,
       (SELECT json_group_array(label) FROM (SELECT DISTINCT s.label FROM event_participants p JOIN subjects s ON s.id = p.subject_id
         WHERE p.event_id = e.id ORDER BY s.label)) AS who,
       e.place_or_medium, e.asserted_as, e.standing, e.origin_count, e.sources, 'events' AS table_name, e.id AS subject_id
  FROM events e WHERE e.started IS NOT NULL
UNION ALL
SELECT COALESCE(d.announced, d.effective), COALESCE(d.announced_earliest, d.effective_earliest),
       COALESCE(d.announced_latest, d.effective_latest), CASE d.manner WHEN 'leave_of_absence' THEN 'leave' ELSE 'exit' END,
       COALESCE(d.manner, 'not_stated'), CASE WHEN d.year = 2023 THEN 'board-crisis-2023' WHEN d.year = 2024 THEN 'exodus-2024' ELSE 'background' END,
       d.label, d.label_zh,
       p.label || CASE d.manner WHEN 'leave_of_absence' THEN ' takes leave from ' WHEN 'removed' THEN ' is removed from ' ELSE ' leaves ' END || o.label
         || CASE WHEN d.destination_kind = 'stayed' THEN ' and stays with ' || x.label WHEN x.label IS NOT NULL THEN ' (next: ' || x.label || ')' ELSE '' END,
       json_array(p.label), NULL, d.asserted_as, d.standing, d.origin_count, d.sources, 'departures', d.id
  FROM departures d JOIN people p ON p.id = d.person_id JOIN organisations o ON o.id = d.organisation_id
  LEFT JOIN organisations x ON x.id = d.destination_id
 WHERE COALESCE(d.announced, d.effective) IS NOT NULL
UNION ALL
SELECT t.started, t.started_earliest, t.started_latest, 'start', COALESCE(t.capacity, 'not_stated'),
       CASE WHEN t.started_earliest >= '2023-11-16' AND t.started_latest < '2023-11-24' THEN 'board-crisis-2023' WHEN t.started LIKE '2024%' THEN 'exodus-2024' ELSE 'background' END, t.label, t.label_zh,
       p.label || ' becomes ' || o.label, json_array(p.label), NULL, t.asserted_as, t.standing, t.origin_count, t.sources, 'tenures', t.id
  FROM tenures t JOIN people p ON p.id = t.person_id JOIN posts o ON o.id = t.post_id WHERE t.started IS NOT NULL
UNION ALL
SELECT t.ended, t.ended_earliest, t.ended_latest, 'end', COALESCE(t.end_reason, 'not_stated'),
       CASE WHEN t.ended_earliest >= '2023-11-16' AND t.ended_latest < '2023-11-24' THEN 'board-crisis-2023' WHEN t.ended LIKE '2024%' THEN 'exodus-2024' ELSE 'background' END, t.label, t.label_zh,
       p.label || ' ceases to be ' || o.label, json_array(p.label), NULL, t.asserted_as, t.standing, t.origin_count, t.sources, 'tenures', t.id
  FROM tenures t JOIN people p ON p.id = t.person_id JOIN posts o ON o.id = t.post_id WHERE t.ended IS NOT NULL
ORDER BY 2, 3, 7;

CREATE VIEW who_left AS
SELECT p.label AS person, o.label AS organisation, d.announced, d.effective, d.manner, d.destination_kind, x.label AS destination,
       d.reason, d.planned_return, r.label AS reversed_by, d.asserted_as, d.standing, d.origin_count, d.sources, d.month, d.year,
       p.id AS person_id, d.id AS departure_id
  FROM departures d JOIN people p ON p.id = d.person_id JOIN organisations o ON o.id = d.organisation_id
  LEFT JOIN organisations x ON x.id = d.destination_id LEFT JOIN events r ON r.id = d.reversed_by
 ORDER BY COALESCE(d.announced_earliest, d.effective_earliest, '9999'), p.label;

CREATE VIEW tenures_flat AS
SELECT p.label AS person, o.title AS post, g.label AS organisation, o.category, t.capacity, t.started, t.ended, t.end_state, t.end_reason,
       t.held_on, t.certain_from, t.certain_to, t.possible_from, t.possible_to, t.asserted_as, t.standing, t.origin_count, t.sources,
       p.id AS person_id, o.id AS post_id, t.id AS tenure_id
  FROM tenures t JOIN people p ON p.id = t.person_id JOIN posts o ON o.id = t.post_id JOIN organisations g ON g.id = t.organisation_id
 ORDER BY g.label, o.title, COALESCE(t.possible_from, t.certain_from, '9999'), p.label;

-- Who sat on OpenAI's board at each moment at which a source shows a change of it or a member on it.
CREATE VIEW board_by_date AS
WITH seats AS (
  SELECT t.*, p.label AS person FROM tenures t JOIN posts o ON o.id = t.post_id JOIN people p ON p.id = t.person_id
   WHERE t.organisation_id = 'openai-board' AND o.category = 'board' AND t.standing <> 'refuted' AND t.asserted_as = 'fact'
), moments AS (
  SELECT certain_from AS moment FROM seats WHERE certain_from IS NOT NULL
  UNION SELECT certain_to FROM seats WHERE certain_to IS NOT NULL
  UNION SELECT ended_latest FROM seats WHERE ended_latest IS NOT NULL
)
SELECT m.moment, s.person, o.title AS post,
       CASE WHEN s.certain_from <= m.moment AND m.moment < s.certain_to THEN 'certainly' ELSE 'possibly' END AS held,
       s.standing, s.sources, s.person_id, s.id AS tenure_id
  FROM moments m JOIN seats s ON COALESCE(s.possible_from, '') <= m.moment AND m.moment < COALESCE(s.possible_to, '9999')
  JOIN posts o ON o.id = s.post_id
 ORDER BY m.moment, s.person, o.title;

-- OpenAI's founders: what the sources show of each since, and whether they are still there.
CREATE VIEW founders_now AS
SELECT p.label AS founder,
       CASE
         WHEN EXISTS (SELECT 1 FROM departures d WHERE d.person_id = p.id AND d.organisation_id = 'openai' AND d.reversed_by IS NULL
                       AND d.manner IS NOT 'leave_of_absence' AND d.standing <> 'refuted' AND d.asserted_as IN ('fact', 'plan')) THEN 'left'
         WHEN EXISTS (SELECT 1 FROM departures d WHERE d.person_id = p.id AND d.organisation_id = 'openai' AND d.manner = 'leave_of_absence'
                       AND d.reversed_by IS NULL) THEN 'on leave'
         ELSE 'there' END AS state,
       (SELECT GROUP_CONCAT(COALESCE(d.announced, d.effective, '?') || ' ' || COALESCE(d.manner, ''), '; ') FROM departures d
         WHERE d.person_id = p.id AND d.organisation_id = 'openai') AS exits_and_leaves,
       (SELECT MAX(h.value) FROM tenures u JOIN json_each(u.held_on) h WHERE u.person_id = p.id AND u.organisation_id IN ('openai', 'openai-board')) AS last_shown,
       t.standing, t.origin_count, t.sources, p.id AS person_id
  FROM tenures t JOIN people p ON p.id = t.person_id WHERE t.post_id = 'openai-founder'
 ORDER BY state DESC, founder;

CREATE VIEW claims_flat AS
SELECT c.id AS claim_id, sub.kind, sub.label AS subject, st.property, st.value, st.rank, c.polarity, c.mode, c.certainty, c.attribution,
       a.label AS attributed_to, v.label AS via, src.label AS source, pa.line, pa.find, c.note, src.published, src.published_latest,
       o.label AS origin, st.subject_id, st.id AS statement_id, c.source_id, c.passage_id
  FROM claims c JOIN statements st ON st.id = c.statement_id JOIN subjects sub ON sub.id = st.subject_id
  JOIN passages pa ON pa.id = c.passage_id JOIN sources src ON src.id = c.source_id JOIN subjects o ON o.id = c.origin_id
  LEFT JOIN subjects a ON a.id = c.attributed_to_id LEFT JOIN subjects v ON v.id = c.via_source
 ORDER BY c.source_id, pa.line, pa.start, st.subject_id, st.property;

-- Every property on which sources give more than one value or which somebody denies, with what became of it.
CREATE VIEW disagreements AS
WITH rivals AS (
  SELECT subject_id, property FROM statements WHERE rule NOT IN ('only_value', 'side_by_side')
  GROUP BY subject_id, property
)
SELECT sub.kind, sub.label AS subject, st.property, st.value, st.rank, st.rule, st.deprecated_reason,
       CASE WHEN st.rule = 'open' THEN 'open' WHEN st.decision_id IS NULL THEN 'by rule' ELSE 'by decision' END AS settled,
       st.claim_count AS claims_for, st.denial_count AS claims_against, st.origin_count,
       (SELECT json_group_array(DISTINCT c.source_id) FROM claims c WHERE c.statement_id = st.id) AS sources,
       d.rationale, st.subject_id, st.id AS statement_id, st.decision_id
  FROM rivals r JOIN statements st ON st.subject_id = r.subject_id AND st.property = r.property
  JOIN subjects sub ON sub.id = st.subject_id LEFT JOIN decisions d ON d.id = st.decision_id
 ORDER BY settled DESC, sub.kind, sub.label, st.property, st.rank = 'preferred' DESC, st.value;

CREATE VIEW evidence AS
SELECT sub.label AS subject, st.property, st.value, st.rank, st.rule, c.polarity, c.mode, c.certainty, c.attribution,
       a.label AS attributed_to, v.label AS via, src.label AS source, pa.line, pa.find, c.note, d.rationale AS decision,
       st.subject_id, sub.table_name, c.id AS claim_id, st.id AS statement_id, c.source_id
  FROM statements st JOIN subjects sub ON sub.id = st.subject_id JOIN claims c ON c.statement_id = st.id
  JOIN passages pa ON pa.id = c.passage_id JOIN sources src ON src.id = c.source_id
  LEFT JOIN subjects a ON a.id = c.attributed_to_id LEFT JOIN subjects v ON v.id = c.via_source LEFT JOIN decisions d ON d.id = st.decision_id
 ORDER BY st.subject_id, st.property, st.rank = 'preferred' DESC, st.value, c.source_id, pa.line;

-- Per source: how many lines, and what became of them. `unaccounted` must be 0. That a name stands on a line does not account
-- for the line.
CREATE VIEW line_coverage AS
WITH cited AS (
  SELECT DISTINCT c.source_id, pa.line FROM claims c JOIN passages pa ON pa.id = c.passage_id JOIN statements st ON st.id = c.statement_id
   WHERE NOT EXISTS (SELECT 1 FROM names n WHERE st.property = 'occurs' AND n.passage_id = c.passage_id AND n.subject_id = st.subject_id
                      AND n.text = c.as_named)
), aside AS (
  SELECT DISTINCT a.source_id, a.line FROM set_aside a
   WHERE NOT EXISTS (SELECT 1 FROM cited c WHERE c.source_id = a.source_id AND c.line = a.line)
)
SELECT s.id AS source_id, s.label AS source, s.line_count AS lines, s.blank_count AS blank,
       (SELECT COUNT(*) FROM cited c WHERE c.source_id = s.id) AS cited,
       (SELECT COUNT(*) FROM aside a WHERE a.source_id = s.id) AS set_aside,
       s.line_count - s.blank_count - (SELECT COUNT(*) FROM cited c WHERE c.source_id = s.id)
         - (SELECT COUNT(*) FROM aside a WHERE a.source_id = s.id) AS unaccounted,
       (SELECT COUNT(*) FROM claims c WHERE c.source_id = s.id) AS claims,
       (SELECT COUNT(*) FROM passages p WHERE p.source_id = s.id) AS passages
  FROM sources s WHERE s.held = 1 ORDER BY s.id;
