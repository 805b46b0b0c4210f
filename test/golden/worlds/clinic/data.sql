-- A group practice: two organizations that know nothing of each other. Always the same rows: nothing is random, each
-- choice is taken from a hash of the row's number. The story ends on 2026-11-23.
create schema clinic;

-- A number from 0 to n - 1 that a row's number and a word decide.
create function clinic.pick(word text, row_number bigint, n int) returns int immutable language sql
  as $$ select (('x' || substr(md5(word || row_number), 1, 7))::bit(28)::int) % n $$;

create table clinic.departments (id bigint primary key, practice_id text not null, name text not null, floor int not null);
insert into clinic.departments
select n + shift, practice, name, floor
from (values ('elmwood', 0), ('harbor', 100)) as o(practice, shift),
  (values (1, 'Cardiology', 2), (2, 'Dermatology', 1), (3, 'Pediatrics', 1), (4, 'Orthopedics', 3), (5, 'General Medicine', 0), (6, 'Physiotherapy', 0)) as d(n, name, floor);

create table clinic.staff (
  id bigint primary key, practice_id text not null, department_id bigint references clinic.departments, full_name text not null,
  role text not null, weekly_hours numeric(4,1) not null, hourly_wage numeric(8,2) not null, is_active boolean not null, hired_on date not null, left_on date);
insert into clinic.staff
select n + shift, practice, case when department is not null then department + shift end, name, role, hours, 24 + wage, left_on is null, hired, left_on
from (values ('elmwood', 0), ('harbor', 100)) as o(practice, shift),
  (values
    (1, 1, 'Dr. Miriam Okafor', 'physician', 40, date '2019-02-01', null::date), (2, 1, 'Dr. Paul Reiter', 'physician', 32, '2021-09-15', null),
    (3, 2, 'Dr. Aiko Tanaka', 'physician', 40, '2020-05-01', null), (4, 3, 'Dr. Lena Vogt', 'physician', 36, '2018-10-01', null),
    (5, 3, 'Dr. Samuel Ortiz', 'physician', 40, '2023-01-09', '2026-03-31'), (6, 4, 'Dr. Henrik Dahl', 'physician', 40, '2017-04-01', null),
    (7, 5, 'Dr. Nadia Rahimi', 'physician', 40, '2022-06-01', null), (8, 5, 'Dr. Colin Shaw', 'physician', 20, '2024-02-01', null),
    (9, 6, 'Tess Marlowe', 'therapist', 30, '2021-03-01', null), (10, 6, 'Ivo Petrov', 'therapist', 40, '2024-08-19', null),
    (11, 1, 'Rosa Delgado', 'nurse', 40, '2020-11-01', null), (12, 3, 'Jude Whitaker', 'nurse', 38, '2022-01-17', null),
    (13, 4, 'Freya Lund', 'nurse', 40, '2025-05-05', null), (14, 5, 'Marco Bianchi', 'nurse', 24, '2026-02-02', null),
    (15, null, 'Olive Grant', 'reception', 40, '2019-08-01', null), (16, null, 'Kofi Mensah', 'reception', 32, '2023-06-12', '2025-12-31')
  ) as s(n, department, name, role, hours, hired, left_on)
cross join lateral (select case role when 'physician' then 60 when 'therapist' then 18 when 'nurse' then 12 else 0 end + n / 2.0) as w(wage)
where practice = 'elmwood' or n % 2 = 1;

create table clinic.patients (
  id bigint primary key, practice_id text not null, full_name text not null, sex text not null, born_on date not null, city text not null,
  insurance text not null, phone text, email_reminders boolean not null, registered_on date not null, doctor_id bigint references clinic.staff);
insert into clinic.patients
select n + shift, practice,
  case when n % 2 = 0 then (array['Alice', 'Beatriz', 'Chloe', 'Dina', 'Emma', 'Fatima', 'Greta', 'Hanna', 'Irene', 'Julia', 'Karin', 'Leila', 'Mona'])[1 + n / 2 % 13]
    else (array['Arthur', 'Bruno', 'Cyrus', 'Dmitri', 'Emil', 'Felix', 'Gustav', 'Hassan', 'Igor', 'Jacob', 'Kenji', 'Luis', 'Milan'])[1 + n / 2 % 13] end
  || ' ' || (array['Ashby', 'Brandt', 'Cohen', 'Drake', 'Ekström', 'Ferrari', 'Gruber', 'Holloway', 'Iversen', 'Jimenez', 'Kowalski'])[1 + n % 11],
  case when n % 2 = 0 then 'female' else 'male' end, date '1938-01-15' + span.days, (array['Riverton', 'Ashford', 'Milltown', 'Riverton', 'Lakeview'])[1 + clinic.pick('city', n + shift, 5)],
  (array['public', 'public', 'public', 'private', 'none'])[1 + clinic.pick('insurance', n + shift, 5)],
  case when n % 8 <> 3 then '555-' || lpad((1000 + n + shift)::text, 4, '0') end, clinic.pick('mail', n + shift, 3) > 0,
  date '2023-03-01' + n * 13, case practice when 'elmwood' then (array[1, 2, 3, 4, 6, 7, 7, 8])[1 + clinic.pick('doctor', n, 8)] else 100 + (array[1, 3, 7])[1 + clinic.pick('doctor', n, 3)] end
from (values ('elmwood', 0, 100), ('harbor', 1000, 24)) as o(practice, shift, size)
cross join lateral generate_series(1, size) as n
cross join lateral (select clinic.pick('born', n + shift, 31000)) as span(days);

create table clinic.appointments (
  id bigint primary key, practice_id text not null, patient_id bigint not null references clinic.patients, staff_id bigint not null references clinic.staff,
  kind text not null, status text not null, minutes int not null, room text, booked_on date not null, starts_at timestamptz not null);
insert into clinic.appointments
select id, practice, shift + 1 + least(clinic.pick('who', id, size), clinic.pick('again', id, size)), staff,
  (array['first_visit', 'follow_up', 'follow_up', 'check_up', 'video'])[1 + clinic.pick('kind', id, 5)],
  case when starts_at > '2026-11-23 05:00Z' then case when id % 9 = 0 then 'cancelled' else 'booked' end
    else (array['kept', 'kept', 'kept', 'kept', 'kept', 'kept', 'kept', 'no_show', 'cancelled', 'kept', 'no_show'])[1 + clinic.pick('status', id, 11)] end,
  (array[15, 20, 30, 45, 60])[1 + clinic.pick('minutes', id, 5)], case when clinic.pick('kind', id, 5) <> 4 then 'Room ' || 1 + id % 6 end,
  (starts_at - (1 + clinic.pick('ahead', id, 30) || ' days')::interval)::date, starts_at
from (values ('elmwood', 0, 92, 460), ('harbor', 10000, 20, 90)) as o(practice, first_id, size, number_of_appointments)
cross join lateral (select case practice when 'elmwood' then 0 else 1000 end) as s(shift)
cross join lateral generate_series(1, number_of_appointments) as n
cross join lateral (select first_id + n, timestamptz '2024-06-03 13:00Z' + (n * 925 / number_of_appointments || ' days')::interval
  + (clinic.pick('hour', first_id + n, 9) || ' hours')::interval) as t(id, starts_at)
cross join lateral (select case practice when 'elmwood' then (array[1, 2, 3, 4, 5, 6, 7, 7, 8, 9, 10])[1 + clinic.pick('staff', id, 11)]
  else 100 + (array[1, 3, 5, 7, 9])[1 + clinic.pick('staff', id, 5)] end) as p(doctor)
cross join lateral (select case when doctor = 5 and starts_at > '2026-03-31 05:00Z' then 4 else doctor end) as q(staff);

create table clinic.invoices (
  id bigint primary key, practice_id text not null, patient_id bigint not null references clinic.patients, appointment_id bigint references clinic.appointments,
  number text not null, amount numeric(10,2) not null, status text not null, payer text not null, issued_on date not null, due_on date not null, paid_on date);
insert into clinic.invoices
select a.id, a.practice_id, a.patient_id, a.id, 'INV-' || 5000 + a.id, 35 + a.minutes * 2.5 + clinic.pick('cents', a.id, 4000) / 100.0, s.status,
  case p.insurance when 'none' then 'patient' when 'private' then 'insurer' else (array['insurer', 'insurer', 'patient'])[1 + clinic.pick('payer', a.id, 3)] end,
  issued_on, issued_on + 30, case when s.status = 'paid' then least(issued_on + 3 + clinic.pick('paid', a.id, 50), date '2026-11-22') end
from clinic.appointments a join clinic.patients p on p.id = a.patient_id
cross join lateral (select (a.starts_at at time zone 'America/New_York')::date + 2) as i(issued_on)
cross join lateral (select case when issued_on > date '2026-10-24' then case when a.id % 2 = 0 then 'paid' else 'open' end
  when clinic.pick('late', a.id, 9) = 0 then 'overdue' when clinic.pick('late', a.id, 40) = 1 then 'written_off' else 'paid' end) as s(status)
where a.status = 'kept' and issued_on <= date '2026-11-22';

create table clinic.work_hours (
  id bigint primary key, practice_id text not null, staff_id bigint not null references clinic.staff, worked_on date not null, hours numeric(4,1) not null, kind text not null);
insert into clinic.work_hours
select s.id * 1000 + week, s.practice_id, s.id, day, s.weekly_hours / 5 + clinic.pick('extra', s.id * 1000 + week, 5) / 2.0 - 1,
  (array['regular', 'regular', 'regular', 'overtime', 'on_call'])[1 + clinic.pick('hours', s.id * 1000 + week, 5)]
from clinic.staff s cross join generate_series(1, 46) as week
cross join lateral (select date '2025-01-06' + week * 15 + (s.id % 5)::int - 5) as d(day)
where day >= s.hired_on and (s.left_on is null or day <= s.left_on) and day <= date '2026-11-20' and clinic.pick('off', s.id * 1000 + week, 6) > 0;

create table clinic.absences (
  id bigint primary key, practice_id text not null, staff_id bigint not null references clinic.staff, kind text not null, status text not null,
  starts_on date not null, ends_on date not null, days int not null, reason text);
insert into clinic.absences
select s.id * 100 + n, s.practice_id, s.id, kind, case when kind = 'sick' then 'approved' when clinic.pick('granted', s.id * 100 + n, 7) = 0 then 'declined'
  when starts_on > date '2026-11-01' then 'requested' else 'approved' end,
  starts_on, starts_on + days - 1, days, case when kind = 'training' then 'Course in ' || (array['Lisbon', 'Vienna', 'Denver'])[1 + clinic.pick('where', s.id * 100 + n, 3)] end
from clinic.staff s cross join generate_series(1, 7) as n
cross join lateral (select (array['vacation', 'vacation', 'sick', 'sick', 'training', 'parental'])[1 + clinic.pick('absence', s.id * 100 + n, 6)],
  date '2025-01-20' + n * 97 + clinic.pick('leave', s.id * 100 + n, 60)) as k(kind, starts_on)
cross join lateral (select case kind when 'parental' then 30 when 'vacation' then 5 + clinic.pick('days', s.id * 100 + n, 9) else 1 + clinic.pick('days', s.id * 100 + n, 4) end) as d(days)
where starts_on >= s.hired_on and (s.left_on is null or starts_on <= s.left_on) and s.id not in (6, 14);
