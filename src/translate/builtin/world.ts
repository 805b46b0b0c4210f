// Names that people use for stored values: countries and their people, US states, sexes, yes and no.
// In: a text as it is written. Out: other spellings under which a table may hold the same thing.
// Refused: guesses; every line is one thing with its names.

/** One thing a line, its spellings apart by commas. */
const SAME = `
united states,united states of america,usa,us,u.s.,u.s.a.,america,american,unites states
united kingdom,uk,u.k.,great britain,britain,british,gbr
england,english,eng
scotland,scottish
wales,welsh
ireland,irish
france,french,fra
germany,german,ger,deu
italy,italian,ita
spain,spanish,esp
portugal,portuguese,por
netherlands,dutch,the netherlands,holland,ned
belgium,belgian,bel
switzerland,swiss,sui
austria,austrian,aut
sweden,swedish,swe
norway,norwegian,nor
denmark,danish,den
finland,finnish,fin
iceland,icelandic
russia,russian,rus,russian federation
poland,polish,pol
ukraine,ukrainian
czech republic,czech,cze,czechia
hungary,hungarian,hun
romania,romanian,rou
bulgaria,bulgarian,bul
greece,greek,gre
turkey,turkish,tur
serbia,serbian
croatia,croatian
israel,israeli
egypt,egyptian
south africa,south african,rsa
nigeria,nigerian
kenya,kenyan
ethiopia,ethiopian
morocco,moroccan
zimbabwe,zimbabwean
china,chinese,chn,prc
japan,japanese,jpn
south korea,korea,korean,kor
north korea,north korean
india,indian,ind
pakistan,pakistani
bangladesh,bangladeshi
sri lanka,sri lankan
thailand,thai
vietnam,vietnamese
indonesia,indonesian
malaysia,malaysian
singapore,singaporean
philippines,filipino,philippine
taiwan,taiwanese
hong kong,hongkong
australia,australian,aus
new zealand,new zealander,nzl
canada,canadian,can
mexico,mexican,mex
brazil,brazilian,bra
argentina,argentine,argentinian,arg
chile,chilean
colombia,colombian,col
peru,peruvian
venezuela,venezuelan
cuba,cuban
jamaica,jamaican
saudi arabia,saudi
iran,iranian
iraq,iraqi
afghanistan,afghan
united arab emirates,uae
europe,european
asia,asian
africa,african
north america,north american
south america,south american
alabama,al
alaska,ak
arizona,az
arkansas,ar
california,ca,calif
colorado,co
connecticut,ct
delaware,de
florida,fl
georgia,ga
hawaii,hi
idaho,id
illinois,il
indiana,in
iowa,ia
kansas,ks
kentucky,ky
louisiana,la
maine,me
maryland,md
massachusetts,ma
michigan,mi
minnesota,mn
mississippi,ms
missouri,mo
montana,mt
nebraska,ne
nevada,nv
new hampshire,nh
new jersey,nj
new mexico,nm
new york,ny
north carolina,nc
north dakota,nd
ohio,oh
oklahoma,ok
oregon,or
pennsylvania,pa
rhode island,ri
south carolina,sc
south dakota,sd
tennessee,tn
texas,tx
utah,ut
vermont,vt
virginia,va
washington,wa
west virginia,wv
wisconsin,wi
wyoming,wy
district of columbia,dc,washington dc,washington d.c.
male,m,man,men,boy,boys,males,gentleman
female,f,woman,women,girl,girls,females,lady,ladies
yes,y,true,t,1
no,n,false,f,0
monday,mon
tuesday,tue
wednesday,wed
thursday,thu
friday,fri
saturday,sat
sunday,sun
january,jan
february,feb
march,mar
april,apr
june,jun
july,jul
august,aug
september,sep,sept
october,oct
november,nov
december,dec
los angeles,la
new york city,nyc,new york
san francisco,sf
computer science,cs,comp. sci.,comp sci
information technology,it
human resources,hr
television,tv
doctor of philosophy,phd,ph.d.,ph.d
credit card,credit
first,1st,1
second,2nd,2
third,3rd,3
republican,rep,r,republicans
democratic,democrat,dem,democrats,d
`

const TABLE: ReadonlyMap<string, readonly string[]> = build()

function build(): Map<string, string[]> {
  const table = new Map<string, string[]>()
  for (const line of SAME.trim().split('\n')) {
    const names = line.split(',')
    for (const name of names)
      table.set(name, [...new Set([...(table.get(name) ?? []), ...names.filter((other) => other !== name)])])
  }
  return table
}

/** Other spellings of a name, lower case, best first; empty for an unknown one. */
export function otherNames(text: string): readonly string[] {
  return TABLE.get(text.toLowerCase()) ?? []
}

const PEOPLE: ReadonlySet<string> = new Set(
  (
    'person people student employee customer staff teacher faculty professor instructor member user player artist singer author writer actor director driver pilot patient physician doctor nurse ' +
    'client guest contact donor individual worker manager head captain coach journalist editor politician candidate representative delegate wrestler gymnast swimmer perpetrator scientist researcher technician engineer ' +
    'investor entrepreneur reviewer child parent owner chef victim lawyer judge builder climber host voter resident participant advisor friend performer musician agent trainee tutor speaker submitter mailer mayor governor conductor ' +
    'supporter volunteer passenger traveller nominee architect party officer executive apprentice attendee supplier inspector buyer seller tenant landlord mechanic designer therapist prisoner soldier army secretary clerk'
  ).split(' '),
)

/** Whether a lemma is a word for people. */
export function meansPeople(word: string): boolean {
  return PEOPLE.has(word)
}
