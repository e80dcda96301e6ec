/** The release of this coordinator, equal to that of its package. */
export const version = '0.1.0';
