create function h(t text) returns int language sql immutable as $$ select ('x'||substr(md5(t),1,7))::bit(28)::int $$;
create type employment_type as enum ('full_time', 'part_time', 'contractor', 'intern');
create type absence_kind as enum ('vacation', 'sick', 'parental', 'training', 'unpaid');
create table offices (id serial primary key, name text not null, city text not null, country text not null, capacity int, opened_on date not null);
create table departments (id serial primary key, name text not null unique, cost_center varchar(10) not null, annual_budget numeric(12,2), office_id int references offices);
create table positions (id serial primary key, title text not null unique, grade smallint not null, min_salary numeric(10,2), max_salary numeric(10,2));
create table employees (id serial primary key, first_name text not null, last_name text not null, email text unique, phone text, birth_date date not null, hired_on date not null, left_on date, status text not null default 'active' check (status in ('active', 'on_leave', 'terminated')), employment_type employment_type not null, weekly_hours numeric(4,1) not null, is_remote boolean not null default false, department_id int not null references departments, position_id int not null references positions, office_id int references offices, manager_id int references employees);
create table salaries (id serial primary key, employee_id int not null references employees, amount numeric(10,2) not null, valid_from date not null, valid_to date, reason text);
create table absences (id bigserial primary key, employee_id int not null references employees, kind absence_kind not null, starts_on date not null, ends_on date not null, days numeric(5,1) not null, status text not null check (status in ('requested', 'approved', 'rejected', 'cancelled')), requested_at timestamptz not null, note text);
create table skills (id serial primary key, name text not null unique);
create table employee_skills (employee_id int not null references employees, skill_id int not null references skills, level smallint not null, certified_on date, primary key (employee_id, skill_id));
insert into offices (name, city, country, capacity, opened_on) values ('Berlin Mitte','Berlin','Germany',150,'2012-04-01'),('Hamburg Hafen','Hamburg','Germany',60,'2016-09-15'),('Wien Zentrum','Vienna','Austria',45,'2018-02-01'),('Lyon Part-Dieu','Lyon','France',70,'2019-06-03'),('Leeds Dock','Leeds','United Kingdom',80,'2014-11-10'),('Porto Ribeira','Porto','Portugal',null,'2023-03-20'),('Gdansk Oliwa','Gdansk','Poland',40,'2025-01-13');
insert into departments (name, cost_center, annual_budget, office_id) values ('Engineering','CC-100',6400000,1),('Sales','CC-200',3900000,5),('Marketing','CC-210',1450000,4),('Finance','CC-300',980000,1),('Human Resources','CC-310',720000,1),('Customer Support','CC-400',1850000,6),('Operations','CC-500',2300000,2),('Legal','CC-320',510000,1),('Product','CC-110',1600000,1),('Research','CC-120',null,null);
insert into positions (title, grade, min_salary, max_salary) values ('Director',9,110000,170000),('Team Lead',7,78000,112000),('Senior Engineer',6,72000,98000),('Engineer',5,54000,76000),('Junior Engineer',3,42000,52000),('Account Executive',5,48000,70000),('Sales Assistant',2,31000,39000),('Marketing Specialist',4,43000,58000),('Accountant',5,47000,66000),('Recruiter',4,41000,57000),('Support Agent',2,30000,41000),('Operations Coordinator',3,37000,49000),('Counsel',7,80000,118000),('Product Manager',6,68000,95000),('Data Analyst',4,46000,64000),('Working Student',1,18000,24000);
insert into employees (first_name, last_name, email, phone, birth_date, hired_on, status, employment_type, weekly_hours, is_remote, department_id, position_id, office_id, manager_id)
select f, l, case when i%53=0 then null else lower(f||'.'||l)||'@norhaven.example' end, case when h('ph'||i)%5=0 then null else '+49 30 '||lpad((h('pn'||i)%10000000)::text,7,'0') end,
 date '1961-02-10'+h('b'||i)%15300, case when i<=10 then date '2013-03-01'+(i*97) when i<=40 then date '2016-01-04'+h('hl'||i)%2400 else date '2018-01-08'+(h('hd'||i)%1000)+((h('he'||i)%2260)) end,
 case when i<=10 then 'active' when h('st'||i)%100<14 then 'terminated' when h('st'||i)%100<19 then 'on_leave' else 'active' end,
 (case when i<=40 then 'full_time' when h('et'||i)%100<11 then 'part_time' when h('et'||i)%100<19 then 'contractor' when h('et'||i)%100<24 then 'intern' else 'full_time' end)::employment_type,
 case when i>40 and h('et'||i)%100<11 then (array[20,24,30,32])[1+h('wh'||i)%4] when i>40 and h('et'||i)%100 between 19 and 23 then 20 else (array[40,40,38.5])[1+h('wf'||i)%3] end,
 i>10 and h('rm'||i)%100<27, d, case when i<=10 then 1 when i<=40 then 2 when h('et'||i)%100 between 19 and 23 then 16 else (case d when 1 then (array[3,4,4,5])[1+h('p'||i)%4] when 2 then (array[6,6,7])[1+h('p'||i)%3] when 3 then (array[8,8,15])[1+h('p'||i)%3] when 4 then (array[9,9,15])[1+h('p'||i)%3] when 5 then 10 when 6 then 11 when 7 then (array[12,12,15])[1+h('p'||i)%3] when 8 then 13 when 9 then (array[14,15])[1+h('p'||i)%2] else (array[3,15,5])[1+h('p'||i)%3] end) end,
 case when i>10 and h('of'||i)%19=0 then null else (array[1,1,1,2,3,4,4,5,5,6,7])[1+h('oc'||i)%11] end,
 case when i=1 then null when i<=10 then 1 when i<=40 then d when h('nm'||i)%67=0 then null else 11+((d-1)+10*(h('mg'||i)%3)) end
from (select i, case when i<=40 then 1+(i-1)%10 else (array[1,1,1,1,1,1,2,2,2,2,3,3,4,5,6,6,6,7,7,7,8,9,9,10])[1+h('d'||i)%24] end d,
 (array['Anna','Bastian','Carla','David','Emilia','Felix','Greta','Henrik','Ines','Jakob','Katarina','Lukas','Marta','Noah','Olivia','Pawel','Quentin','Rosa','Stefan','Teresa','Ulrich','Vera','William','Xenia','Yusuf','Zoe','Amelie','Bruno','Chloe','Dominik','Elena','Franz','Gabriela','Hugo','Isabel','Joao','Kerstin','Leon','Miriam','Nils'])[1+i%40] f,
 (array['Adler','Bauer','Carvalho','Dubois','Evans','Fischer','Garcia','Hoffmann','Ivanov','Jensen','Kowalski','Lefevre','Meyer','Novak','Oliveira','Petit','Quinn','Richter','Santos','Taylor','Ullmann','Vogel','Wagner','Xavier','Young','Zimmer','Almeida','Becker','Clarke','Duarte','Ekström','Ferreira','Gruber','Hughes','Iversen','Jung','Keller','Lindner','Martin','Nowak','Otto','Pereira','Rossi','Schmidt','Thomas','Urban','Varga','Walker','Wolf','Ziegler','Moreau','Fontaine','Bennett','Cooper','Haas','Krause','Lange','Mazur','Roth','Seidel'])[1+(i*7+i/40)%60] l
 from generate_series(1,430) i) s;
update employees set left_on = least(hired_on + 120 + h('lo'||id)%1500, date '2026-10-23' - h('lx'||id)%900) where status='terminated';
update employees set left_on = date '2026-01-15' + h('ly'||id)%280 where status='terminated' and id%3=0;
update employees set status='active', left_on=null where left_on <= hired_on+30;
update employees set hired_on = date '2026-11-02' + (id%5)*7, status='active', left_on=null where id in (417,421,426,429,430);
update employees set hired_on = date '2026-01-05' + (h('nh'||id)%292), status='active', left_on=null where id between 385 and 416;
update employees set hired_on = date '2025-01-06' + (h('nh'||id)%355), status='active', left_on=null where id between 335 and 384 and id%7<>0;
insert into salaries (employee_id, amount, valid_from, valid_to, reason)
select id, a, vf, lead(vf) over (partition by id order by vf)-1, case when k=0 then 'hire' when h('sr'||id||k)%7=0 then null when h('sr'||id||k)%4=0 then 'promotion' when h('sr'||id||k)%4=1 then 'market adjustment' else 'annual review' end
from (select e.id, k, case when k=0 then e.hired_on else make_date(2020+k, 1+(h('sm'||e.id||k)%10), 1) end vf,
 round((p.min_salary + (p.max_salary-p.min_salary)*(h('sa'||e.id)%1000)/1500.0) * power(1.021+(h('sg'||e.id)%30)/1000.0, k)/50)*50 + (e.id%9)*5 a
 from employees e join positions p on p.id=e.position_id cross join generate_series(0,6) k) s
where k=0 or (vf > (select hired_on+200 from employees e where e.id=s.id) and vf < coalesce((select left_on from employees e where e.id=s.id), date '2026-11-01') and h('sk'||id||'-'||k)%100 < 62);
insert into absences (employee_id, kind, starts_on, ends_on, days, status, requested_at, note)
select id, k::absence_kind, s, s+n-1, case when n=1 and h('hd'||i)%6=0 then 0.5 else n end,
 case when s > date '2026-10-20' and k<>'sick' and h('as'||i)%3>0 then 'requested' when k='sick' then 'approved' when h('as'||i)%100<7 then 'rejected' when h('as'||i)%100<16 then 'cancelled' else 'approved' end,
 least((s - case when k='sick' then 0 else 3+h('rq'||i)%70 end)+time '07:00'+(h('rt'||i)%600)*interval '1 minute', timestamp '2026-10-31 16:20') at time zone 'UTC', case when h('nt'||i)%9=0 then (array['handover done','doctor''s note received','half day only','call if urgent'])[1+h('nu'||i)%4] end
from (select i, e.id, k, case when k='sick' and s0 > date '2026-10-30' then s0-400 else s0 end s, case k when 'vacation' then 1+h('dn'||i)%12 when 'sick' then 1+h('dn'||i)%6 when 'parental' then 20+h('dn'||i)%60 when 'training' then 1+h('dn'||i)%3 else 1+h('dn'||i)%8 end n
 from (select i, 1+((h('ae'||i)%430)*(40+h('af'||i)%61)/100) eid, (case when h('ak'||i)%100<54 then 'vacation' when h('ak'||i)%100<84 then 'sick' when h('ak'||i)%100<86 then 'parental' when h('ak'||i)%100<95 then 'training' else 'unpaid' end) k,
  date '2023-01-02' + case when i%5=0 then 1155+h('ad'||i)%303 else h('ad'||i)%1455 end s0 from generate_series(1,7400) i) q join employees e on e.id=q.eid) z
join employees using (id) where s >= hired_on and (left_on is null or s+n-1 <= left_on) order by i;
insert into skills (name) values ('Python'),('SQL'),('Excel'),('Negotiation'),('Project Management'),('German'),('French'),('Public Speaking'),('First Aid'),('Salesforce'),('Kubernetes'),('Copywriting'),('Accounting'),('COBOL');
insert into employee_skills select e.id, s.id, 1+h('lv'||e.id||'-'||s.id)%5, case when h('ce'||e.id||'-'||s.id)%3=0 then greatest(e.hired_on, date '2023-01-15') + h('cd'||e.id||'-'||s.id)%300 end from employees e cross join skills s where s.id<14 and h('es'||e.id||'-'||s.id)%100 < (array[22,31,45,12,17,52,19,9,14,25,6,8,11])[s.id] and e.id%11<>0;
update employee_skills set certified_on=null where certified_on > date '2026-10-31';
drop function h(text);
