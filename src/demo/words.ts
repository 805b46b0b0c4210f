// The words that demo rows are made of. People, firms and numbers are invented; states and towns are real.

const list = (text: string): readonly string[] => text.trim().split(/,\s+/)

export const firstNames = list(`
  Aaliyah, Abdul, Adaeze, Aisha, Alejandro, Alice, Amara, Amélie, Ana, Andrew, Angela, Anh, Ayşe, Barbara,
  Beatriz, Benjamin, Björn, Brian, Camille, Carlos, Carol, Chidi, Chloe, Christine, Daniel, David, Deborah,
  Denise, Diego, Dmitri, Dolores, Donna, Edward, Elena, Elijah, Emeka, Emily, Esperanza, Esther, Ethan, Fatima,
  Femi, Francesca, Gabriel, George, Grace, Grzegorz, Hannah, Haruto, Helen, Hiroshi, Hyun-woo, Ibrahim, Imani,
  Ines, Isabel, Jamal, James, Jasmine, Jean-Luc, Jennifer, Jorge, José, Joshua, Joy, Karen, Kateryna, Keisha,
  Kevin, Kwame, Laila, Laura, Leilani, Li, Linda, Luis, Mahmoud, Malik, Margaret, María, Marcus, Mei, Mercedes,
  Michael, Minh, Miriam, Mohammed, Nadia, Nancy, Naomi, Natasha, Nia, Nikhil, Noah, Noémie, Olga, Oluwaseun,
  Omar, Patricia, Paul, Pedro, Priya, Rachel, Rafael, Raj, Rebecca, René, Richard, Robert, Rosa, Ruth, Samuel,
  Sandra, Sanjay, Sarah, Seán, Sofía, Soo-jin, Stephen, Susan, Tamika, Teresa, Thomas, Thảo, Tyrone, Valentina,
  Walter, Wei, William, Xiomara, Yasmin, Yuki, Zainab, Zoë
`)

export const lastNames = list(`
  Abbott, Abdi, Adeyemi, Ahmed, Alvarez, Andersen, Bailey, Baker, Banerjee, Begay, Bell, Bennett, Bianchi, Björk,
  Brooks, Brown, Carter, Castillo, Chang, Chavez, Chen, Clark, Cohen, Coleman, Collins, Cruz, D'Angelo, Da Silva,
  Davis, de la Cruz, Delgado, Desai, Diaz, Dubois, Edwards, Eriksson, Estrada, Evans, Fischer, Fitzgerald,
  Flores, Foster, Friedman, Garcia, García-López, Gómez, Goldberg, Green, Gupta, Haddad, Hall, Harris, Hassan,
  Hernandez, Hill, Hoang, Hughes, Hussein, Ibarra, Ivanov, Jackson, Jensen, Johnson, Jones, Kaplan, Kaur, Kelly,
  Khan, Kim, King, Kowalski, Kowalczyk, Kumar, Le, Lee, Levy, Lewis, Li, Liu, Lopez, MacDonald, Martin, Martínez,
  McAllister, Mendoza, Mensah, Miller, Mitchell, Moore, Morales, Müller, Murphy, Nakamura, Nelson, Ng, Nguyen,
  Novák, Nuñez, O'Brien, O'Connor, O'Neill, Okafor, Okonkwo, Olsen, Ortiz, Osei, Papadopoulos, Park, Parker,
  Patel, Peña, Perez, Petrova, Phillips, Ramirez, Reed, Reyes, Rivera, Roberts, Robinson, Rodríguez, Romano,
  Rosenberg, Ross, Ruiz, Saito, Sanchez, Santos, Schmidt, Schwartz, Scott, Shah, Shapiro, Silva, Singh, Smith,
  Søndergaard, Stewart, Sullivan, Takahashi, Tanaka, Taylor, Thomas, Thompson, Torres, Tran, Tsosie, Turner,
  Vasquez, Villanueva, Walker, Wang, Washington, White, Williams, Wilson, Wong, Wright, Yamamoto, Yılmaz, Young,
  Zhang, Zieliński
`)

export type State = {
  code: string
  name: string
  region: 'Northeast' | 'Midwest' | 'South' | 'West'
  /** First three digits of the postal code, a leading zero kept. */
  zip: string
  cities: readonly string[]
}

const state = (code: string, name: string, region: State['region'], zip: string, ...cities: string[]): State => ({
  code,
  name,
  region,
  zip,
  cities,
})

export const states: readonly State[] = [
  state('AL', 'Alabama', 'South', '352', 'Birmingham', 'Mobile', 'Huntsville'),
  state('AK', 'Alaska', 'West', '995', 'Anchorage', 'Juneau'),
  state('AZ', 'Arizona', 'West', '850', 'Phoenix', 'Tucson', 'Flagstaff'),
  state('AR', 'Arkansas', 'South', '722', 'Little Rock', 'Fayetteville'),
  state('CA', 'California', 'West', '900', 'Los Angeles', 'Oakland', 'San José', 'Fresno', 'San Diego', 'Sacramento'),
  state('CO', 'Colorado', 'West', '802', 'Denver', 'Boulder', 'Cañon City'),
  state('CT', 'Connecticut', 'Northeast', '061', 'Hartford', 'New Haven'),
  state('DE', 'Delaware', 'South', '198', 'Wilmington', 'Dover'),
  state('DC', 'District of Columbia', 'South', '200', 'Washington'),
  state('FL', 'Florida', 'South', '331', 'Miami', 'Tampa', 'Orlando', 'Jacksonville'),
  state('GA', 'Georgia', 'South', '303', 'Atlanta', 'Savannah', 'Athens'),
  state('HI', 'Hawaii', 'West', '968', 'Honolulu', 'Hilo'),
  state('ID', 'Idaho', 'West', '837', 'Boise', "Coeur d'Alene"),
  state('IL', 'Illinois', 'Midwest', '606', 'Chicago', 'Springfield', 'Peoria'),
  state('IN', 'Indiana', 'Midwest', '462', 'Indianapolis', 'South Bend', 'Bloomington'),
  state('IA', 'Iowa', 'Midwest', '503', 'Des Moines', 'Cedar Rapids'),
  state('KS', 'Kansas', 'Midwest', '666', 'Topeka', 'Wichita'),
  state('KY', 'Kentucky', 'South', '402', 'Louisville', 'Lexington'),
  state('LA', 'Louisiana', 'South', '701', 'New Orleans', 'Baton Rouge'),
  state('ME', 'Maine', 'Northeast', '041', 'Portland', 'Bangor'),
  state('MD', 'Maryland', 'South', '212', 'Baltimore', 'Silver Spring'),
  state('MA', 'Massachusetts', 'Northeast', '021', 'Boston', 'Worcester', 'Springfield'),
  state('MI', 'Michigan', 'Midwest', '482', 'Detroit', 'Grand Rapids', 'Ann Arbor', 'Lansing'),
  state('MN', 'Minnesota', 'Midwest', '554', 'Minneapolis', 'Saint Paul', 'Duluth'),
  state('MS', 'Mississippi', 'South', '392', 'Jackson', 'Biloxi'),
  state('MO', 'Missouri', 'Midwest', '641', 'Kansas City', 'St. Louis'),
  state('MT', 'Montana', 'West', '591', 'Billings', 'Missoula'),
  state('NE', 'Nebraska', 'Midwest', '681', 'Omaha', 'Lincoln'),
  state('NV', 'Nevada', 'West', '891', 'Las Vegas', 'Reno'),
  state('NH', 'New Hampshire', 'Northeast', '031', 'Manchester', 'Concord'),
  state('NJ', 'New Jersey', 'Northeast', '071', 'Newark', 'Jersey City', 'Trenton'),
  state('NM', 'New Mexico', 'West', '871', 'Albuquerque', 'Santa Fe', 'Española'),
  state('NY', 'New York', 'Northeast', '100', 'New York', 'Buffalo', 'Rochester', 'Albany', 'Syracuse'),
  state('NC', 'North Carolina', 'South', '276', 'Raleigh', 'Charlotte', 'Durham'),
  state('ND', 'North Dakota', 'Midwest', '581', 'Fargo', 'Bismarck'),
  state('OH', 'Ohio', 'Midwest', '432', 'Columbus', 'Cleveland', 'Cincinnati', 'Dayton', 'Toledo'),
  state('OK', 'Oklahoma', 'South', '731', 'Oklahoma City', 'Tulsa'),
  state('OR', 'Oregon', 'West', '972', 'Portland', 'Eugene', 'Salem', 'Bend'),
  state('PA', 'Pennsylvania', 'Northeast', '191', 'Philadelphia', 'Pittsburgh', 'Erie', 'Scranton'),
  state('PR', 'Puerto Rico', 'South', '009', 'San Juan', 'Mayagüez'),
  state('RI', 'Rhode Island', 'Northeast', '029', 'Providence', 'Newport'),
  state('SC', 'South Carolina', 'South', '292', 'Columbia', 'Charleston'),
  state('SD', 'South Dakota', 'Midwest', '571', 'Sioux Falls', 'Rapid City'),
  state('TN', 'Tennessee', 'South', '372', 'Nashville', 'Memphis', 'Knoxville'),
  state('TX', 'Texas', 'South', '770', 'Houston', 'Austin', 'San Antonio', 'El Paso', 'Dallas'),
  state('UT', 'Utah', 'West', '841', 'Salt Lake City', 'Provo'),
  state('VT', 'Vermont', 'Northeast', '054', 'Burlington', 'Montpelier'),
  state('VA', 'Virginia', 'South', '232', 'Richmond', 'Norfolk', 'Arlington'),
  state('WA', 'Washington', 'West', '981', 'Seattle', 'Spokane', 'Tacoma', 'Olympia'),
  state('WV', 'West Virginia', 'South', '253', 'Charleston', 'Morgantown'),
  state('WI', 'Wisconsin', 'Midwest', '532', 'Milwaukee', 'Madison', 'Green Bay'),
  state('WY', 'Wyoming', 'West', '820', 'Cheyenne', 'Laramie'),
]

export const occupations = list(`
  Accountant, Architect, Attorney, Bus driver, Carpenter, Chef, Consultant, Electrician, Engineer, Farmer,
  Librarian, Nurse, Physician, Professor, Real estate agent, Retired, Retired, Retired, Sales manager,
  Self-employed, Small business owner, Social worker, Software developer, Student, Teacher
`)

/** Joined with a family name for a firm: "Okafor Dental Group". */
export const companySuffixes = [
  '& Sons Hardware',
  'Dental Group',
  'Engineering, Inc.',
  'Family Farms',
  'Insurance Agency',
  'Law, LLP',
  'Logistics',
  'Properties, LLC',
  'Roofing',
  'Software',
] as const
export const nonprofitSuffixes = ['Community Center', 'Food Pantry', 'Neighborhood Council', 'Youth League'] as const

export const mailDomains = [
  'example.com',
  'example.net',
  'example.org',
  'mail.example.com',
  'post.example.org',
] as const

export const notes = [
  'In memory of my mother',
  "In honor of Zoë's graduation",
  'Please call before the next appeal',
  'Wants to stay out of the newsletter',
  'Matched by employer, form sent',
  'For the youth program "First Vote"',
  'Check came with a handwritten letter',
  'In memory of Coach O’Neill',
  'Happy to host a house party',
  'Thank you for all you do ❤️',
] as const

export const vendors = {
  advertising: ['Bright Signal Media, LLC', 'Lakeshore Outdoor', 'Pixel & Plow', 'Riverbend Community Radio'],
  consulting: ['Fernandez Strategy Group', 'Northfork Analytics', 'Whitman Counsel'],
  postage: ['Presort Partners', 'US Postal Service'],
  printing: ["O'Malley & Sons Printing", 'Inkwell Press', 'Union Label Graphics'],
  software: ['Cloudberry CRM', 'Ledgerline', 'Mailwheel', 'Tally Forms'],
  staff: ['Field staff payroll', 'Office payroll', 'Temp Bench Staffing'],
  travel: ['Great Lakes Rail', 'Hotel Marigold', 'Roadrunner Car Hire'],
  venue: ['Copper Kettle Catering', 'Grange Hall', 'The Mill at Fifth', 'Café Añil'],
} as const

export const purposes: { readonly [category in keyof typeof vendors]: readonly string[] } = {
  advertising: ['Radio spots', 'Billboard, four weeks', 'Online ads', 'Sponsored posts'],
  consulting: ['Message testing', 'Donor research', 'Compliance review'],
  postage: ['Bulk mailing', 'Return envelopes', 'Thank-you letters'],
  printing: ['Appeal letters', 'Door hangers', 'Programs and signage'],
  software: ['Monthly subscription', 'Texting credits', 'Online forms'],
  staff: ['Canvassers', 'Phone team', 'Event crew', 'Salaries'],
  travel: ['Mileage', 'Train to donor meetings', 'Hotel for speakers'],
  venue: ['Room hire', 'Catering', 'Sound and stage', 'Office rent'],
}

export const venues = [
  'Grange Hall',
  'Public Library',
  'The Mill at Fifth',
  'St. Brigid Parish Hall',
  'Union Local 12 Hall',
  "O'Hara's Back Room",
  'Civic Auditorium',
  'Riverside Pavilion',
  'Café Añil',
  'High School Gym',
] as const
