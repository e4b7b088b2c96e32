/** What the operator does about a damaged file that cannot be made anew from anything else. */
export const RESTORE = '请停止所有进程，恢复最近的备份（docs/operating.md，Restore）';

/** The same for the read models. */
export const REBUILD = '请停止所有进程，把它和旁边的 -wal、-shm 文件移走后再启动，内容由事件重新生成';

/** For what holds nothing that is missed: locks, the books of a demo’s sandboxes. */
export const REMOVE = '请停止所有进程，把它和旁边的 -wal、-shm 文件移走后再试，会重新生成';
