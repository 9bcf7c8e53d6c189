-- 1680-password-rule.sql: the strictest rule that each password meets, which its hash does not tell (quality 2.2). Null: not
-- weighed since; the next time it is typed, it is.

alter table account add column password_rule text check (password_rule in ('ordinary', 'strong', 'operator'));
grant select (password_rule) on account to unisson_door;
