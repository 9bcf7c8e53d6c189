-- 1661-refusals-of-requests.sql — MEM-04: a refusal may be answered on the same request, and every refusal counts
alter table membership_request add column refused_at timestamptz[] not null default '{}';
update membership_request set refused_at = array[answered_at] where state = 'refused' and answered_at is not null;
alter table membership_request add constraint membership_request_wishes_are_known
  check (wishes <@ array['issueInvoices', 'processInvoices', 'manageUsers']);
