/** The request header that says which of the demo's organizations to see as. */
export const demoHeader = 'X-Demo-Organization'
