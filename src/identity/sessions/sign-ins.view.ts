import type { SignInEntry, SignIns } from '../../../projections/sign-ins.js';
import type { Safe, Sealed } from '../../vault/vault.js';
import { day, moment } from '../../web/views/formats.js';
import type { Device, SignInWay } from '../identity.events.js';
import { deviceName } from '../sign-in/user-agent.js';

const ways: Readonly<Record<SignInWay, string>> = { password: '密码', bjt: '北京通', switch: '切换准考证号' };

/**
 * The sessions that may still be used, this one first, and what was before. Other people's devices are shown by what they say of
 * themselves, and by their address in the network.
 * @param since milliseconds: a session that began before is over in any case
 */
export function signInsView({ open, latest, failed }: SignIns, safe: Safe, current: string, since: number) {
  const usable = open.filter(({ session, at }) => session === current || Date.parse(at) > since);
  const sessions = [...usable.filter(({ session }) => session === current), ...usable.filter(({ session }) => session !== current)];
  return {
    sessions: sessions.map((entry) => ({ ...shown(entry, safe), session: entry.session, isThis: entry.session === current })),
    hasOthers: usable.some(({ session }) => session !== current),
    latest: latest.map((entry) => shown(entry, safe)),
    failed: failed.map((each) => ({ day: day(each.day), times: each.times, ...from(each.device, safe) })),
  };
}

function shown({ at, way, device }: SignInEntry, safe: Safe) {
  return { at: moment(at), way: ways[way], ...from(device, safe) };
}

function from(sealed: Sealed<Device>, safe: Safe) {
  const device = safe.open(sealed);
  return { device: deviceName(device?.userAgent ?? ''), address: device?.address ?? '' };
}
