-- The profile of every person, written by hand for DuckDB: the peer of tools.profile.build_profiles.
-- Tables orders, order_lines, events, consents and products are views on the lake's files.
WITH counted AS (
  SELECT *, subject_id AS person_id, subtotal_minor - refunded_minor AS net_minor,
    coalesce(round(discount_minor * 1000000 / nullif(subtotal_minor + discount_minor, 0))::BIGINT, 0) AS ppm
  FROM orders
  WHERE shop_id = 'bench' AND subject_id IS NOT NULL AND event_at <= $as_of AND is_paid AND NOT is_cancelled
    AND NOT (refunded_minor > 0 AND refunded_minor >= subtotal_minor)
), sums AS (
  SELECT person_id, count(*) AS n_orders, sum(n_items)::BIGINT AS n_items, sum(net_minor)::BIGINT AS revenue_minor,
    count(*) FILTER (discount_minor > 0) AS n_discounted, sum(ppm)::BIGINT AS depth_ppm,
    sum(n_gift_items)::BIGINT AS n_gifts, max(event_at, 2) AS latest,
    arg_min(struct_pack(event_at, fact_id, origin, ppm, is_referred), event_at) AS fo,
    arg_max(struct_pack(event_at, market), event_at) AS l,
    count(*) FILTER (channel = 'web') AS n_web, count(*) FILTER (channel = 'app') AS n_app,
    count(*) FILTER (channel = 'store') AS n_store, count(*) FILTER (channel = 'marketplace') AS n_marketplace
  FROM counted GROUP BY person_id
), ranked AS (
  SELECT person_id, ntile(5) OVER (ORDER BY l.event_at, person_id) AS q_r,
    ntile(5) OVER (ORDER BY n_orders, l.event_at, person_id) AS q_f, ntile(5) OVER (ORDER BY revenue_minor, person_id) AS q_m
  FROM sums
), bought AS (
  SELECT o.subject_id AS person_id, o.order_fact_id, o.sku, coalesce(o.category, p.category) AS category, o.quantity,
    o.unit_price_minor * o.quantity - o.discount_minor AS value
  FROM order_lines o
  LEFT JOIN (SELECT sku, max(category) AS category FROM products WHERE shop_id = 'bench' AND category IS NOT NULL GROUP BY sku) p
    USING (sku)
  WHERE o.shop_id = 'bench' AND o.subject_id IS NOT NULL AND o.event_at <= $as_of AND o.order_fact_id NOT IN (
    SELECT fact_id FROM orders
    WHERE NOT is_paid OR is_cancelled OR (refunded_minor > 0 AND refunded_minor >= subtotal_minor))
), categories AS (
  SELECT person_id, count(*) AS n_categories, sum(n)::BIGINT AS n_units, max(struct_pack(n, category)) AS top
  FROM (SELECT person_id, category, sum(quantity)::BIGINT AS n FROM bought WHERE category IS NOT NULL GROUP BY ALL)
  GROUP BY person_id
), first_lines AS (
  SELECT b.person_id, max(struct_pack(b.value, b.sku, b.category)) AS line
  FROM bought b JOIN sums s ON b.order_fact_id = s.fo.fact_id GROUP BY b.person_id
), seen AS (
  SELECT subject_id AS person_id, count(*) FILTER (kind = 'return') AS n_returns,
    count(*) FILTER (kind = 'delivery') AS n_deliveries, count(*) FILTER (kind = 'delivery' AND value > 0) AS n_late,
    count(*) FILTER (kind = 'view' AND recent) AS n_views, count(*) FILTER (kind = 'cart' AND recent) AS n_carts,
    count(*) FILTER (kind = 'app_open' AND recent) AS n_app_opens,
    count(*) FILTER (kind = 'mail_open' AND recent AND NOT is_machine) AS n_mail_opens,
    count(*) FILTER (kind = 'mail_click' AND recent AND NOT is_machine) AS n_mail_clicks,
    count(*) FILTER (kind = 'review') AS n_reviews,
    max(event_at) FILTER (NOT is_machine AND kind IN
      ('view', 'cart', 'checkout', 'app_open', 'mail_open', 'mail_click', 'review', 'return')) AS seen_at,
    count(*) FILTER (device = 'app') AS d_app, count(*) FILTER (device = 'desktop') AS d_desktop,
    count(*) FILTER (device = 'mobile') AS d_mobile, count(*) FILTER (device = 'tablet') AS d_tablet
  FROM (SELECT *, event_at > $as_of - INTERVAL 90 DAY AS recent FROM events
        WHERE shop_id = 'bench' AND subject_id IS NOT NULL AND event_at <= $as_of) GROUP BY subject_id
), said AS (
  SELECT subject_id AS person_id,
    max(struct_pack(event_at, no := status <> 'granted')) FILTER (channel = 'email') AS email,
    max(struct_pack(event_at, no := status <> 'granted')) FILTER (channel = 'sms') AS sms,
    max(struct_pack(event_at, no := status <> 'granted')) FILTER (channel = 'push') AS push,
    count(*) FILTER (channel = 'email' AND is_suppressed) AS s_email,
    count(*) FILTER (channel = 'sms' AND is_suppressed) AS s_sms,
    count(*) FILTER (channel = 'push' AND is_suppressed) AS s_push
  FROM consents WHERE shop_id = 'bench' AND purpose = 'marketing' AND event_at <= $as_of GROUP BY subject_id
), everyone AS (
  SELECT person_id FROM sums UNION SELECT person_id FROM bought UNION SELECT person_id FROM seen
  UNION SELECT person_id FROM said
)
SELECT 'bench' AS shop_id, person_id, $as_of AS as_of, coalesce(l.market, 'DE') AS market, NULL::VARCHAR AS language,
  NULL::VARCHAR AS zone, fo.event_at AS first_order_at, l.event_at AS last_order_at, latest[2] AS previous_order_at,
  floor((epoch($as_of) - epoch(l.event_at)) / 86400)::BIGINT AS recency_days,
  coalesce(n_orders, 0) AS n_orders, coalesce(n_items, 0) AS n_items, coalesce(revenue_minor, 0) AS revenue_minor,
  round(revenue_minor / n_orders)::BIGINT AS aov_minor, n_items / n_orders AS items_per_order,
  (epoch(l.event_at) - epoch(fo.event_at)) / (86400 * nullif(n_orders - 1, 0)) AS days_between_orders,
  n_discounted / n_orders AS discount_order_share, depth_ppm / (n_orders * 1000000) AS discount_depth_rate,
  (n_discounted / n_orders + least(depth_ppm / (n_orders * 1000000) / 0.3::DOUBLE, 1)) / 2 AS price_sensitivity_rate,
  n_gifts / nullif(n_items, 0) AS gift_share, fo.ppm / 1000000 AS first_order_discount_rate,
  line.sku AS first_sku, line.category AS first_category, top.category AS top_category,
  top.n / nullif(n_units, 0) AS top_category_share,
  NULL::DOUBLE AS top_category_in_stock_share, coalesce(n_categories, 0) AS n_categories,
  least(coalesce(n_returns, 0), n_orders) / n_orders AS return_share, coalesce(n_returns, 0) AS n_returns,
  coalesce(n_deliveries, 0) AS n_deliveries, n_late / nullif(n_deliveries, 0) AS late_delivery_share,
  coalesce(n_views, 0) AS n_views_90d, coalesce(n_carts, 0) AS n_carts_90d, coalesce(n_app_opens, 0) AS n_app_opens_90d,
  coalesce(n_mail_opens, 0) AS n_mail_opens_90d, coalesce(n_mail_clicks, 0) AS n_mail_clicks_90d,
  coalesce(n_reviews, 0) AS n_reviews, greatest(seen_at, l.event_at) AS last_seen_at,
  n_web / n_orders AS web_share, n_app / n_orders AS app_share, n_store / n_orders AS store_share,
  n_marketplace / n_orders AS marketplace_share,
  CASE greatest(d_app, d_desktop, d_mobile, d_tablet) WHEN 0 THEN NULL WHEN d_app THEN 'app' WHEN d_desktop THEN 'desktop'
    WHEN d_mobile THEN 'mobile' ELSE CASE WHEN d_tablet > 0 THEN 'tablet' END END AS device,
  fo.origin AS origin, coalesce(fo.is_referred, false) AS is_referred,
  coalesce(NOT email.no AND s_email = 0, false) AS consent_email, coalesce(NOT sms.no AND s_sms = 0, false) AS consent_sms,
  coalesce(NOT push.no AND s_push = 0, false) AS consent_push, q_r AS r_quintile, q_f AS f_quintile, q_m AS m_quintile
FROM everyone LEFT JOIN sums USING (person_id) LEFT JOIN categories USING (person_id)
  LEFT JOIN first_lines USING (person_id) LEFT JOIN ranked USING (person_id) LEFT JOIN seen USING (person_id)
  LEFT JOIN said USING (person_id)
