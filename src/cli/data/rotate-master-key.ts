import { openEventStore, openVaultUnderRotation } from '../../composition/stores.js';
import { registeredIdentifiers } from '../../registrations/identifiers.js';
import { BadSettings } from '../../settings/settings.js';
import { MasterKey } from '../../vault/master-key.js';
import { rotateMasterKey } from '../../vault/rotation.js';
import type { CommandResult, Context } from '../program/command.js';

const PHASES = { check: '检查', change: '更换' };

/** `rotate-master-key`: from MASTER_KEY_OLD to MASTER_KEY, while no process of the centre is at work. */
export async function runRotateMasterKey({ dropUnregistered }: { readonly dropUnregistered: boolean }, { settings, out }: Context): Promise<CommandResult> {
  const [old, next] = [masterKey('MASTER_KEY_OLD', settings.MASTER_KEY_OLD), masterKey('MASTER_KEY', settings.MASTER_KEY)];
  const vault = await openVaultUnderRotation(settings);
  const events = await openEventStore(settings, async () => []); // it asks for candidates' own streams by name
  const progress = await out.progress('位');
  let current: string | undefined;
  try {
    const rotated = await rotateMasterKey(vault, { old, next }, (safes) => registeredIdentifiers(events, safes), {
      dropUnregistered,
      progress(phase, done, total) {
        if (current !== phase) progress.phase(PHASES[phase], total);
        current = phase;
        progress.step(done, done);
      },
    });
    out.done(`更换完毕：${rotated.changed} 位考生的密钥改由新的主密钥保护，删除没有登记的 ${rotated.dropped} 位。请用新的 MASTER_KEY 启动，并做一次新的备份。`);
    return { json: rotated };
  } finally {
    progress.end();
    await events.close();
    await vault.close();
  }
}

function masterKey(name: string, text: string | undefined): MasterKey {
  if (text === undefined) throw new BadSettings(`${name}: MASTER_KEY_OLD 是现在的主密钥，MASTER_KEY 是新的，两个都要给出（或 …_FILE）`);
  return new MasterKey(Buffer.from(text, 'base64'));
}
