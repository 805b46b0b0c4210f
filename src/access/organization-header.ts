/** The request header that chooses among the organizations of a person who belongs to several. */
export const organizationHeader = 'X-Organization'
