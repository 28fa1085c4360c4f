/** The law in force, made ready: sets and maps instead of lists. gateway/law/codex.py */
import { zoneOf } from "./local_time.js";

/** @returns the codex of the first country, with those of others in `beside` */
export function codexOf(values) {
  return {
    ...values,
    private_kinds: new Set(values.private_kinds),
    private_audiences: new Set(values.private_audiences),
    exempt: new Map(Object.entries(values.exempt)),
    scales: new Set(values.scales),
    film: values.film && { ...values.film, kinds: new Set(values.film.kinds) },
    topics: new Map(Object.entries(values.topics)),
    parts: {
      whole: new Set(values.parts.whole),
      listings: new Set(values.parts.listings),
      ground: values.parts.ground,
    },
    site_sign: values.site_sign && {
      ...values.site_sign,
      kinds: new Set(values.site_sign.kinds),
      scales: new Set(values.site_sign.scales),
    },
    flags: new Map(Object.entries(values.flags)),
    signed_kinds: new Set(values.signed_kinds),
    watershed: values.watershed && {
      ...values.watershed,
      zone: zoneOf(values.watershed.zone),
      simulcasts: new Set(values.watershed.simulcasts),
    },
    registration: values.registration.map((ban) => ({
      ...ban,
      scopes: new Map(Object.entries(ban.scopes).map(([reading, kinds]) => [reading, new Set(kinds)])),
    })),
    beside: values.beside.map(codexOf),
  };
}

/** The step of an exact minimum age: the youngest category that reaches it; the oldest stands for all above. */
export function stepOf(codex, minAge) {
  return codex.steps.find((step) => minAge <= step.reached) ?? codex.steps.at(-1);
}
