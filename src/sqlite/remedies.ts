/** What the operator does about a damaged file that cannot be rebuilt. */
export const RESTORE = '请停止所有进程，恢复最近的备份（docs/operating.md，Restore）';

/** The same for the read models, which are rebuilt from the events. */
export const REBUILD = '请停止所有进程，把它和旁边的 -wal、-shm 文件移走后再启动，内容由事件重新生成';

/** The same for files that may be lost, such as locks and the data of a demo's sandboxes. */
export const REMOVE = '请停止所有进程，把它和旁边的 -wal、-shm 文件移走后再试，会重新生成';
