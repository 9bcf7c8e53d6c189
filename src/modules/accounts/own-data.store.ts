import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";

/**
 * All that the portal keeps about a person, in French words, for herself: no secret, no hash, nothing of others. Sees
 * everything: she may have left the structures that it names. Source: RGPD, articles 15 and 20.
 */
export async function ownData(tx: Tx, accountId: number): Promise<Record<string, unknown>> {
  const { rows } = await sql<{ data: Record<string, unknown> }>`
    select jsonb_build_object(
      'compte', jsonb_build_object('numero', a.id, 'adresseDeConnexion', a.sign_in_email, 'prenom', a.first_name,
        'nom', a.last_name, 'telephone', a.phone, 'adresseDeContact', a.contact_email,
        'adressePostale', jsonb_build_object('lignes', a.address_lines, 'codePostal', a.postcode, 'ville', a.town,
          'pays', a.country), 'etat', a.state, 'creeLe', a.created_at, 'activeLe', a.activated_at,
        'derniereConnexion', a.last_sign_in_at, 'conditionsAcceptees', a.terms_version,
        'conditionsAccepteesLe', a.terms_accepted_at),
      'rattachements', coalesce((select jsonb_agg(jsonb_build_object('structure', s.display_name,
          'identifiant', s.identifier_value, 'role', m.role, 'maille', m.scope, 'etat', m.state, 'depuisLe', m.starts_at,
          'jusquAu', m.ends_at, 'habilitations', coalesce((select jsonb_agg(jsonb_build_object(
            'application', g.application, 'niveau', g.level, 'service', v.code))
            from membership_grant g left join service v on v.id = g.service_id where g.membership_id = m.id), '[]'))
          order by m.id)
        from membership m join structure s on s.id = m.structure_id where m.account_id = a.id), '[]'),
      'demandesDeRattachement', coalesce((select jsonb_agg(jsonb_build_object('structure', s.display_name,
          'message', r.message, 'etat', r.state, 'demandeLe', r.asked_at, 'reponseLe', r.answered_at) order by r.id)
        from membership_request r join structure s on s.id = r.structure_id where r.account_id = a.id), '[]'),
      'demandesDHabilitation', coalesce((select jsonb_agg(jsonb_build_object('structure', s.display_name,
          'application', r.application, 'niveau', r.level, 'message', r.message, 'etat', r.state, 'demandeLe', r.asked_at,
          'reponseLe', r.answered_at, 'motifDuRefus', r.refusal_reason) order by r.id)
        from grant_request r join structure s on s.id = r.structure_id where r.account_id = a.id), '[]'),
      'demandesDeReprise', coalesce((select jsonb_agg(jsonb_build_object('structure', s.display_name,
          'justification', c.justification, 'etat', c.state, 'demandeLe', c.opened_at, 'reponseLe', c.answered_at,
          'motif', c.reason) order by c.id)
        from manager_claim c join structure s on s.id = c.structure_id where c.account_id = a.id), '[]'),
      'demandesDeDesactivation', coalesce((select jsonb_agg(jsonb_build_object('structure', s.display_name,
          'motif', d.reason, 'etat', d.state, 'demandeLe', d.asked_at, 'reponseLe', d.answered_at, 'reponse', d.answer)
          order by d.id)
        from deactivation_request d join structure s on s.id = d.structure_id where d.account_id = a.id), '[]'),
      'doubleAuthentification', coalesce((select jsonb_agg(jsonb_build_object('moyen', f.name, 'depuisLe', f.created_at)
          order by f.id) from second_factor f where f.account_id = a.id), '[]'),
      'identitesReliees', coalesce((select jsonb_agg(jsonb_build_object('fournisseur', i.issuer, 'adresse', i.email,
          'relieeLe', i.linked_at, 'derniereConnexion', i.last_used_at) order by i.id)
        from federated_identity i where i.account_id = a.id), '[]'),
      'navigateursDeConfiance', coalesce((select jsonb_agg(jsonb_build_object('navigateur', b.user_agent,
          'depuisLe', b.created_at, 'jusquAu', b.expires_at) order by b.id)
        from trusted_browser b where b.account_id = a.id), '[]'),
      'sessions', coalesce((select jsonb_agg(jsonb_build_object('navigateur', w.user_agent, 'adresseReseau', w.ip,
          'ouverteLe', w.created_at, 'vueLe', w.last_seen_at, 'fermeeLe', w.ended_at) order by w.id)
        from web_session w where w.account_id = a.id), '[]'),
      'notifications', coalesce((select jsonb_agg(jsonb_build_object('titre', n.title, 'le', n.created_at,
          'lueLe', n.read_at) order by n.id) from notification n where n.account_id = a.id), '[]'),
      'actions', coalesce((select jsonb_agg(jsonb_build_object('le', j.at, 'acte', j.sentence, 'objet', j.object_label)
          order by j.at) from journal_entry j where j.actor_account_id = a.id), '[]')) as data
    from account a where a.id = ${accountId}`.execute(tx);
  return rows[0]!.data;
}
