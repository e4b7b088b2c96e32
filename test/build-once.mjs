import { build } from '../build.mjs';

/** Tests that start processes of their own run what is built. */
export default () => build({ strict: false });
