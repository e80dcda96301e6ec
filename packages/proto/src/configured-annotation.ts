/** Names, on a Node itself, the labels and taints that Drover put there: the only ones it will ever take away. */
export const configuredAnnotation = 'drover.dev/configured';
