/**
 * When a person may be online: hours by the clock of their zone, and minutes a day. gateway/profiles/timetable.py
 *
 * @typedef {{subject: import("./pages.js").Subject, week: DayMap[], dates: Map<number, DayMap>, lifts: Layer[]}} Layer
 * @typedef {{bits: bigint, spans: {start: number, end: number, rule: string, where: string}[]}} DayMap
 * @typedef {{start: number, end: number, until: number, minutes: number, byStart: boolean}} Extra
 * @typedef {{blocked: true, rule: string, where: string, reason: string, until: number | null}} Blocked
 * @typedef {{blocked: false, flag: string, until: number}} Ending the time ends within five minutes
 */
import { DAY, MINUTE, clockChange, dayOf, later, midnightAfter, momentAt, wallAt, weekdayOf } from "./local_time.js";
import { isAbout, isEverything, subjectOf } from "./pages.js";
import { appliesOn, usedOf } from "./quota.js";

const SOON = 5; // minutes before the end of time at which it is said
const SOON_BITS = (1n << BigInt(SOON + 1)) - 1n;
const WHOLE = (1n << BigInt(DAY)) - 1n;
const NOTHING = 0n;

/** The map of a day out of its spans. @returns {DayMap} */
export function dayMapOf(spans) {
  const each = spans.map(({ start, end }) => ((1n << BigInt(end - start)) - 1n) << BigInt(start));
  return { spans, bits: each.reduce((bits, more) => bits | more, NOTHING) };
}

/**
 * What never changes of a timetable.
 * @param {import("./local_time.js").Zone} zone
 * @param {Layer[]} layers
 * @param {import("./quota.js").Quota[]} quotas
 * @param {Map<number, number>} holidays day → the day of the week that it counts as
 */
export function planOf(zone, layers, quotas, holidays) {
  return {
    zone,
    layers,
    quotas,
    holidays,
    dated: [...new Set(layers.flatMap((layer) => [...layer.dates.keys()]))].sort((a, b) => a - b),
    isSelective: layers.some((layer) => !isEverything(layer.subject) || layer.lifts.length > 0),
  };
}

/** A plan with the extra minutes that were granted, and with what is used of its quotas. */
export class Timetable {
  /**
   * @param {ReturnType<typeof planOf>} plan
   * @param {Extra[]} extras
   * @param {import("./quota.js").Used} used
   */
  constructor(plan, extras, used) {
    this.zone = plan.zone;
    this.layers = plan.layers;
    this.quotas = plan.quotas;
    this.holidays = plan.holidays;
    this.dated = plan.dated;
    this.isSelective = plan.isSelective;
    this.extras = this.isEmpty ? [] : extras;
    this.used = used;
  }

  get isEmpty() {
    return this.layers.length === 0 && this.quotas.length === 0;
  }

  /**
   * What blocks a page of `host` at `moment`, hours before minutes; else what ends within five minutes.
   * @returns {Blocked | Ending | null}
   */
  at(moment, host, record) {
    /** @type {Ending | null} */
    let ending = null;
    const { day, minute } = wallAt(this.zone, moment);
    if (this.layers.length > 0) {
      const layers = this.isSelective ? this.layers.filter((each) => isAbout(each.subject, host, record)) : this.layers;
      const near = bitsOf(layers, day, host, record) >> BigInt(minute);
      if (near & 1n && !this.#isLifted(moment)) {
        const { rule, where } = this.#spanAt(layers, moment, host, record);
        return { blocked: true, rule, where, reason: "schedule", until: this.#until(layers, moment, host, record) };
      }
      if (near & SOON_BITS || minute >= DAY - SOON) {
        const until = this.#hoursBegin(layers, moment, host, record);
        ending = until === null ? null : { blocked: false, flag: "schedule-ends-soon", until };
      }
    }
    for (const quota of this.quotas) {
      if (!appliesOn(quota, day, this.holidays) || !isAbout(quota.subject, host, record)) {
        continue;
      }
      const left = quota.minutes + this.#extraMinutes(moment, day) - usedOf(this.used, quota.service, day);
      if (left <= 0) {
        const { rule, where } = quota;
        return { blocked: true, rule, where, reason: "quota", until: this.#nextDayOf(quota, moment, day) };
      }
      const until = later(this.zone, moment, left);
      if (left <= SOON && (ending === null || until < ending.until)) {
        ending = { blocked: false, flag: "quota-ends-soon", until };
      }
    }
    return ending;
  }

  #isLifted(moment) {
    return this.extras.some((extra) => extra.start <= moment && moment < extra.end);
  }

  /** The span that blocks at `moment`; the layer that was written first speaks. */
  #spanAt(layers, moment, host, record) {
    const { day, minute } = wallAt(this.zone, moment);
    const layer = layers.find((each) => (layerBits(each, day, host, record) >> BigInt(minute)) & 1n);
    return layer === undefined ? null : spanOf(mapOn(layer, day), minute);
  }

  /** The first moment at which the hours block no more, or are lifted; null when they always do. */
  #until(layers, moment, host, record) {
    const found = this.#end(layers, moment, host, record);
    const lifts = this.extras.filter((extra) => extra.start > moment).map((extra) => extra.start);
    return found === null && lifts.length === 0 ? null : Math.min(found ?? Infinity, ...lifts);
  }

  // A stretch is followed by the clock on the wall; where that is put forward or back, it is looked at anew. Only within
  // a day of either end can such a change matter: between them every minute of the wall is blocked.
  #end(layers, moment, host, record) {
    let from = later(this.zone, moment, 0);
    for (;;) {
      const end = this.#endOnTheWall(layers, from, host, record);
      if (end === null) {
        return null;
      }
      const { day, minute } = wallAt(this.zone, from);
      const ahead = (end.day - day) * DAY + end.minute - minute;
      const candidate = later(this.zone, from, Math.min(ahead, DAY));
      const change = clockChange(this.zone, from, candidate);
      if (change !== null) {
        from = change;
        if (this.#spanAt(layers, from, host, record) === null) {
          return from;
        }
      } else if (ahead <= DAY) {
        return candidate;
      } else {
        from = Math.max(candidate, momentAt(this.zone, end.day, end.minute) - DAY * MINUTE);
      }
    }
  }

  /** Day and minute at which the stretch ends that blocks `moment`; null when it never does. */
  #endOnTheWall(layers, moment, host, record) {
    let { day, minute } = wallAt(this.zone, moment);
    let whole = 0;
    for (;;) {
      const left = bitsOf(layers, day, host, record) >> BigInt(minute);
      if (left !== WHOLE >> BigInt(minute)) {
        return { day, minute: minute + firstFree(left) };
      }
      whole = minute === 0 ? whole + 1 : 0;
      day += 1;
      minute = 0;
      if (whole >= 8) {
        // A whole week is blocked, so only a date can end it.
        const next = this.dated.find((each) => each >= day);
        if (next === undefined) {
          return null;
        }
        day = next;
        whole = 0;
      }
    }
  }

  /** When within five minutes the hours begin to block, or their lifting ends. */
  #hoursBegin(layers, moment, host, record) {
    for (let step = 1; step <= SOON; step += 1) {
      const then = later(this.zone, moment, step);
      if (this.#spanAt(layers, then, host, record) !== null && !this.#isLifted(then)) {
        return then;
      }
    }
    return null;
  }

  /** Extra minutes of the day. Those that end at midnight belong to the day that ends with it. */
  #extraMinutes(moment, day) {
    return this.extras
      .filter((each) => moment < each.until && day === wallAt(this.zone, each.byStart ? each.start : each.until - 1).day)
      .reduce((sum, each) => sum + each.minutes, 0);
  }

  /** The first moment of the next day on which the quota leaves a minute; null when none does. */
  #nextDayOf(quota, moment, today) {
    if (quota.minutes > 0) {
      return midnightAfter(this.zone, moment);
    }
    const last = Math.max(today, ...this.holidays.keys(), ...quota.dates);
    for (let day = today + 1; day < last + 9; day += 1) {
      if (!appliesOn(quota, day, this.holidays)) {
        return momentAt(this.zone, day, 0);
      }
    }
    return null;
  }
}

/**
 * The extra minutes of a grant; null when it gives none. gateway/profiles/grant.py
 * @returns {Extra | null}
 */
export function extraOf(grant) {
  if (!grant.minutes || grant.until === null) {
    return null;
  }
  const until = Date.parse(grant.until);
  const length = grant.minutes * MINUTE;
  const start = grant.since === null ? until - length : Date.parse(grant.since);
  return { start, end: start + length, until, minutes: grant.minutes, byStart: grant.since !== null };
}

function mapOn(layer, day) {
  return layer.dates.get(day) ?? layer.week[weekdayOf(day)];
}

/** The minutes of `day` in which a page of `host`, which is one of the subject, is blocked. */
function layerBits(layer, day, host, record) {
  return layer.lifts
    .filter((lift) => isAbout(lift.subject, host, record))
    .reduce((bits, lift) => bits & ~mapOn(lift, day).bits, mapOn(layer, day).bits);
}

function bitsOf(layers, day, host, record) {
  return layers.reduce((bits, layer) => bits | layerBits(layer, day, host, record), NOTHING);
}

function spanOf(map, minute) {
  return map.spans.find((span) => span.start <= minute && minute < span.end) ?? null;
}

/** The place of the lowest bit that is 0. @param {bigint} bits */
function firstFree(bits) {
  return (~bits & (bits + 1n)).toString(2).length - 1;
}

/** A layer as a bundle has it. @param {DayMap[]} maps @returns {Layer} */
export function layerOf(values, maps) {
  return {
    subject: subjectOf(values.subject),
    week: values.week.map((number) => maps[number]),
    dates: new Map(Object.entries(values.dates).map(([date, number]) => [dayOf(date), maps[number]])),
    lifts: values.lifts.map((lift) => layerOf(lift, maps)),
  };
}
