BEGIN TRANSACTION;
CREATE TABLE adverse_events (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person_id INTEGER NOT NULL, 
	session_id INTEGER, 
	day DATE NOT NULL, 
	grade VARCHAR(80) NOT NULL, 
	told TEXT NOT NULL, 
	exercise VARCHAR(80) NOT NULL, 
	by_whom TEXT NOT NULL, 
	written_at DATETIME NOT NULL, decisions_before INTEGER, 
	CONSTRAINT fk_adverse_events_person_id FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT fk_adverse_events_session_id FOREIGN KEY(session_id) REFERENCES training_sessions (id)
);
INSERT INTO "adverse_events" VALUES(1,1,1,'2026-03-02','minor','dizzy','deadlift','K. Tester','2026-03-02 10:00:00.000000',0);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE assessments (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person_id INTEGER NOT NULL, 
	day DATE NOT NULL, 
	by_whom TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	document JSON NOT NULL, 
	CONSTRAINT fk_assessments_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
INSERT INTO "assessments" VALUES(1,1,'2026-03-02','K. Tester','2026-03-02 10:00:00.000000','{"day":"2026-03-02","by":"K. Tester","age_years":67,"body_mass_kg":null,"height_cm":null,"vertebral_fracture":"yes","low_trauma_fractures":null,"recent_fracture":"unknown","localised_back_pain":"unknown","uncontrolled_cardiovascular":"unknown","malignancy":"unknown","lower_limb_surgery_or_injury":"unknown","cognitive_impairment":"unknown","other_contraindication":"","bone_active_drugs":"","t_spine":-2.9,"t_femoral_neck":null,"t_hip":null,"ten_year_fracture_risk_pct":null,"fracture_risk_tool":"","blood_work":"","blood_work_seen":"unknown","pain_now":null,"pain_where":"","kyphosis_deg":null,"exam":"stiff in the hips","current_activity":"","sit_to_stand_s":null,"timed_up_and_go_s":null,"can_hip_hinge":"unknown","notes":""}');
CREATE TABLE audit (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	written_at DATETIME NOT NULL, 
	by_whom TEXT NOT NULL, 
	what VARCHAR(80) NOT NULL, 
	person_id INTEGER, 
	subject TEXT NOT NULL, 
	"before" JSON NOT NULL, 
	"after" JSON NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT fk_audit_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
INSERT INTO "audit" VALUES(1,'2026-03-02 10:00:00.000000','K. Tester','person_added',1,'Heron 14','{}','{"pseudonym":"Heron 14","since":"2026-03-02"}','');
INSERT INTO "audit" VALUES(2,'2026-03-02 10:00:00.000000','K. Tester','identity_added',1,'Heron 14','{}','{}','');
INSERT INTO "audit" VALUES(3,'2026-03-02 10:00:00.000000','K. Tester','assessed',1,'assessment 1','{}','{"day":"2026-03-02","by":"K. Tester","age_years":67,"vertebral_fracture":"yes","recent_fracture":"unknown","localised_back_pain":"unknown","uncontrolled_cardiovascular":"unknown","malignancy":"unknown","lower_limb_surgery_or_injury":"unknown","cognitive_impairment":"unknown","t_spine":-2.9,"blood_work_seen":"unknown","exam":"stiff in the hips","can_hip_hinge":"unknown"}','');
INSERT INTO "audit" VALUES(4,'2026-03-02 10:00:00.000000','K. Tester','clearance_set',1,'clearance 1','{}','{"level":"restricted","day":"2026-03-02","by":"K. Tester","findings":[{"key":"vertebral_fracture","weight":"blocks","text":"A vertebral fracture.","source":"exam"}],"overrides":[{"finding":"vertebral_fracture","by":"Dr. Vale","reason":"healed, twelve years ago","day":"2026-03-02"}],"excluded":[{"exercise":"overhead_press","reason":"shoulder","by":"K. Tester"}],"cap_kg":40.0,"impacts":false,"raised_start":false}','');
INSERT INTO "audit" VALUES(5,'2026-03-02 10:00:00.000000','K. Tester','contraindication_overridden',1,'vertebral_fracture','{}','{"finding":"vertebral_fracture","by":"Dr. Vale","reason":"healed, twelve years ago","day":"2026-03-02"}','healed, twelve years ago');
INSERT INTO "audit" VALUES(6,'2026-03-02 10:00:00.000000','K. Tester','plan_set',1,'plan 1','{}','{"plan":"liftmor","version":1,"name":"LIFTMOR"}','begins');
INSERT INTO "audit" VALUES(7,'2026-03-02 10:00:00.000000','K. Tester','maximum_added',1,'maximum 1','{}','{"exercise":"deadlift","source":"tested","kg":67.5,"day":"2026-03-02","confidence":"high","basis":"tested","confirmed":"seen on the platform"}','');
INSERT INTO "audit" VALUES(8,'2026-03-02 10:00:00.000000','K. Tester','session_begun',1,'session 2026-03-02','{}','{"started_at":"2026-03-02T09:30:00+00:00","body_mass_kg":62.5}','');
INSERT INTO "audit" VALUES(9,'2026-03-02 10:00:00.000000','K. Tester','set_added',1,'set 1','{}','{"session":"2026-03-02","exercise":"deadlift","kind":"working","number":1,"load_kg":50.0}','');
INSERT INTO "audit" VALUES(10,'2026-03-02 10:00:00.000000','K. Tester','set_rated',1,'set 1','{}','{"rpe":14,"pain":1,"pain_where":"knee","sudden_back_pain":false,"to_failure":false}','');
INSERT INTO "audit" VALUES(11,'2026-03-02 10:00:00.000000','K. Tester','repetition_removed',1,'set 1, repetition 5','{"counts":true}','{"counts":false}','set down');
INSERT INTO "audit" VALUES(12,'2026-03-02 10:00:00.000000','K. Tester','recording_added',1,'session 2026-03-02','{}','{"file_name":"deadlift.mcap","exercise":"deadlift"}','');
INSERT INTO "audit" VALUES(13,'2026-03-02 10:00:00.000000','K. Tester','adverse_event',1,'adverse event 1','{}','{"grade":"minor","text":"dizzy","exercise":"deadlift","day":"2026-03-02"}','');
INSERT INTO "audit" VALUES(14,'2026-03-02 10:00:00.000000','K. Tester','prescription_changed_for_today',1,'session 2026-03-02, deadlift','{}','{"exercise":"deadlift","by":"K. Tester","reason":"slept badly","left_out":false,"sets":3,"repetitions":4,"load_kg":45.0}','slept badly');
INSERT INTO "audit" VALUES(15,'2026-03-02 10:00:00.000000','K. Tester','proposal_accepted',1,'decision 1','{}','{"exercise":"deadlift","day":"2026-03-02","order":1,"verdict":"accepted","by":"K. Tester","phase":"training","load_kg":55.0}','');
INSERT INTO "audit" VALUES(16,'2026-03-02 10:00:00.000000','K. Tester','outcome_added',1,'outcome 1','{}','{"measure":"bmd_spine","value":0.812,"day":"2026-03-02","by":"K. Tester","device":"A","id":1}','');
INSERT INTO "audit" VALUES(17,'2026-03-02 10:00:00.000000','K. Tester','session_ended',1,'session 2026-03-02','{}','{"ended_at":"2026-03-02T09:30:00+00:00","note":"went well"}','');
CREATE TABLE clearances (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person_id INTEGER NOT NULL, 
	day DATE NOT NULL, 
	level VARCHAR(80) NOT NULL, 
	by_whom TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	document JSON NOT NULL, 
	CONSTRAINT fk_clearances_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
INSERT INTO "clearances" VALUES(1,1,'2026-03-02','restricted','K. Tester','2026-03-02 10:00:00.000000','{"level":"restricted","day":"2026-03-02","by":"K. Tester","findings":[{"key":"vertebral_fracture","weight":"blocks","text":"A vertebral fracture.","source":"exam"}],"overrides":[{"finding":"vertebral_fracture","by":"Dr. Vale","reason":"healed, twelve years ago","day":"2026-03-02"}],"excluded":[{"exercise":"overhead_press","reason":"shoulder","by":"K. Tester"}],"cap_pct":null,"cap_kg":40.0,"impacts":false,"raised_start":false,"note":""}');
CREATE TABLE day_changes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	session_id INTEGER NOT NULL, 
	exercise VARCHAR(80) NOT NULL, 
	left_out BOOLEAN NOT NULL, 
	sets INTEGER, 
	repetitions INTEGER, 
	load_kg DOUBLE, 
	rung INTEGER, 
	reason TEXT NOT NULL, 
	by_whom TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	CONSTRAINT fk_day_changes_session_id FOREIGN KEY(session_id) REFERENCES training_sessions (id)
);
INSERT INTO "day_changes" VALUES(1,1,'deadlift',0,3,4,45.0,NULL,'slept badly','K. Tester','2026-03-02 10:00:00.000000');
CREATE TABLE decisions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person_id INTEGER NOT NULL, 
	proposal_id INTEGER, 
	exercise VARCHAR(80) NOT NULL, 
	day DATE NOT NULL, 
	ordinal INTEGER NOT NULL, 
	verdict VARCHAR(80) NOT NULL, 
	by_whom TEXT NOT NULL, 
	phase VARCHAR(80) NOT NULL, 
	load_kg DOUBLE, 
	rung INTEGER, 
	maximum_kg DOUBLE, 
	reason TEXT NOT NULL, 
	session_key VARCHAR(20) NOT NULL, 
	action VARCHAR(80) NOT NULL, 
	written_at DATETIME NOT NULL, 
	CONSTRAINT fk_decisions_person_id FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT fk_decisions_proposal_id FOREIGN KEY(proposal_id) REFERENCES proposals (id), 
	CONSTRAINT uq_decisions_person_id_ordinal UNIQUE (person_id, ordinal)
);
INSERT INTO "decisions" VALUES(1,1,1,'deadlift','2026-03-02',1,'accepted','K. Tester','training',55.0,NULL,NULL,'','','','2026-03-02 10:00:00.000000');
CREATE TABLE edits (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	set_id INTEGER NOT NULL, 
	kind VARCHAR(80) NOT NULL, 
	repetition_id INTEGER, 
	"before" JSON NOT NULL, 
	undone BOOLEAN NOT NULL, 
	by_whom TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	CONSTRAINT fk_edits_repetition_id FOREIGN KEY(repetition_id) REFERENCES repetitions (id), 
	CONSTRAINT fk_edits_set_id FOREIGN KEY(set_id) REFERENCES sets (id)
);
INSERT INTO "edits" VALUES(1,1,'repetition_removed',5,'{"counts":true}',0,'K. Tester','2026-03-02 10:00:00.000000');
CREATE TABLE flags (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	set_id INTEGER NOT NULL, 
	kind VARCHAR(80) NOT NULL, 
	severity VARCHAR(80) NOT NULL, 
	start_s DOUBLE NOT NULL, 
	end_s DOUBLE, 
	peak DOUBLE NOT NULL, 
	limit_value DOUBLE NOT NULL, 
	unit VARCHAR(80) NOT NULL, 
	under_load BOOLEAN, 
	confidence VARCHAR(80) NOT NULL, 
	raised_s DOUBLE, 
	CONSTRAINT fk_flags_set_id FOREIGN KEY(set_id) REFERENCES sets (id)
);
INSERT INTO "flags" VALUES(1,1,'lumbar_flexion','red',11.0,12.0,27.5,20.0,'deg',1,'high',11.1);
CREATE TABLE identities (
	person_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	born DATE, 
	contact TEXT NOT NULL, 
	referrer TEXT NOT NULL, 
	CONSTRAINT pk_identities PRIMARY KEY (person_id), 
	CONSTRAINT fk_identities_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
INSERT INTO "identities" VALUES(1,'Ada Example','2026-03-02','','Dr. Vale');
CREATE TABLE landings (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	set_id INTEGER NOT NULL, 
	contact_s DOUBLE NOT NULL, 
	flight_s DOUBLE NOT NULL, 
	peak_acc_g DOUBLE NOT NULL, 
	peak_grf_bw DOUBLE NOT NULL, 
	grf_method TEXT NOT NULL, 
	clipped BOOLEAN NOT NULL, 
	confidence VARCHAR(80) NOT NULL, 
	at_s DOUBLE, sensor VARCHAR(80), peak_acc_20hz_g DOUBLE, peak_grf_n DOUBLE, second_grf_bw DOUBLE, second_method TEXT, difference_bw DOUBLE, loading_rate_bw_per_s DOUBLE, reasons JSON, 
	CONSTRAINT fk_landings_set_id FOREIGN KEY(set_id) REFERENCES sets (id)
);
INSERT INTO "landings" VALUES(1,1,3.0,0.21,3.9,3.5,'newton',0,'high',3.3,'pelvis',3.6,2170.0,NULL,NULL,NULL,40.0,'[]');
CREATE TABLE maxima (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person_id INTEGER NOT NULL, 
	exercise VARCHAR(80) NOT NULL, 
	source VARCHAR(80) NOT NULL, 
	kg DOUBLE NOT NULL, 
	low_kg DOUBLE, 
	high_kg DOUBLE, 
	day DATE NOT NULL, 
	confidence VARCHAR(80) NOT NULL, 
	basis TEXT NOT NULL, 
	by_whom TEXT NOT NULL, 
	written_at DATETIME NOT NULL, confirmed TEXT, 
	CONSTRAINT fk_maxima_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
INSERT INTO "maxima" VALUES(1,1,'deadlift','tested',67.5,NULL,NULL,'2026-03-02','high','tested','K. Tester','2026-03-02 10:00:00.000000','seen on the platform');
CREATE TABLE outcomes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person_id INTEGER NOT NULL, 
	measure VARCHAR(80) NOT NULL, 
	value DOUBLE NOT NULL, 
	day DATE NOT NULL, 
	by_whom TEXT NOT NULL, 
	device TEXT NOT NULL, 
	note TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	CONSTRAINT fk_outcomes_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
INSERT INTO "outcomes" VALUES(1,1,'bmd_spine',0.812,'2026-03-02','K. Tester','A','','2026-03-02 10:00:00.000000');
CREATE TABLE overrides (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	clearance_id INTEGER NOT NULL, 
	finding VARCHAR(80) NOT NULL, 
	by_whom TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	day DATE NOT NULL, 
	CONSTRAINT fk_overrides_clearance_id FOREIGN KEY(clearance_id) REFERENCES clearances (id)
);
INSERT INTO "overrides" VALUES(1,1,'vertebral_fracture','Dr. Vale','healed, twelve years ago','2026-03-02');
CREATE TABLE people (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	pseudonym VARCHAR(80) NOT NULL, 
	folded VARCHAR(200) NOT NULL, 
	since DATE NOT NULL, 
	archived BOOLEAN NOT NULL, 
	CONSTRAINT uq_people_folded UNIQUE (folded)
);
INSERT INTO "people" VALUES(1,'Heron 14','heron 14','2026-03-02',0);
CREATE TABLE plans (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person_id INTEGER NOT NULL, 
	plan_key VARCHAR(80) NOT NULL, 
	version INTEGER NOT NULL, 
	by_whom TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	reason TEXT NOT NULL, 
	document JSON NOT NULL, 
	CONSTRAINT fk_plans_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
INSERT INTO "plans" VALUES(1,1,'liftmor',1,'K. Tester','2026-03-02 10:00:00.000000','begins','{"key":"liftmor","name":"LIFTMOR","version":1,"supervised":true,"sessions_a_week":2,"weeks":35,"sessions":70,"warn_group":6,"largest_group":8,"gate":{"sessions":8,"clean_in_a_row":2,"source":"design default, clinician may change"},"retest_weeks":6,"exercises":[{"key":"deadlift","name":"Deadlift","kind":"lift","measured_as":"deadlift","sets":5,"repetitions":5,"band":{"low_pct":80.0,"high_pct":85.0},"step_kg":2.5,"warm_ups":[{"repetitions":5,"intensity_pct":50.0},{"repetitions":5,"intensity_pct":70.0}],"learning":{"first_load_kg":0.0,"step_kg":5.0,"sets":3,"repetitions":5,"highest_rpe":14,"variants":["hip hinge with a stick","from blocks at knee height","from the floor, light"]},"ladder":[],"rest_s":120.0,"raised_variant":"from blocks, the bar at knee height","source":"LIFTMOR trial (10.1002/jbmr.3284)","origins":[{"field":"sets","source":"LIFTMOR trial: 5 sets of 5 (10.1002/jbmr.3284)"},{"field":"repetitions","source":"LIFTMOR trial: 5 sets of 5 (10.1002/jbmr.3284)"},{"field":"band","source":"LIFTMOR preliminary report, as a clinic''s poster tells it: 80-85 % of the one-repetition maximum (10.1007/s00198-015-3263-2); the abstract of the full trial says above 85 % (10.1002/jbmr.3284)"}]},{"key":"back_squat","name":"Back squat","kind":"lift","measured_as":"back_squat","sets":5,"repetitions":5,"band":{"low_pct":80.0,"high_pct":85.0},"step_kg":2.5,"warm_ups":[{"repetitions":5,"intensity_pct":50.0},{"repetitions":5,"intensity_pct":70.0}],"learning":{"first_load_kg":0.0,"step_kg":5.0,"sets":3,"repetitions":5,"highest_rpe":14,"variants":["sit to stand from a box","squat to a box","free squat, light"]},"ladder":[],"rest_s":120.0,"raised_variant":"to a box, thighs above the horizontal","source":"LIFTMOR trial (10.1002/jbmr.3284)","origins":[{"field":"sets","source":"LIFTMOR trial: 5 sets of 5 (10.1002/jbmr.3284)"},{"field":"repetitions","source":"LIFTMOR trial: 5 sets of 5 (10.1002/jbmr.3284)"},{"field":"band","source":"LIFTMOR preliminary report, as a clinic''s poster tells it: 80-85 % of the one-repetition maximum (10.1007/s00198-015-3263-2); the abstract of the full trial says above 85 % (10.1002/jbmr.3284)"}]},{"key":"overhead_press","name":"Overhead press","kind":"lift","measured_as":"overhead_press","sets":5,"repetitions":5,"band":{"low_pct":80.0,"high_pct":85.0},"step_kg":1.25,"warm_ups":[{"repetitions":5,"intensity_pct":50.0},{"repetitions":5,"intensity_pct":70.0}],"learning":{"first_load_kg":0.0,"step_kg":2.5,"sets":3,"repetitions":5,"highest_rpe":14,"variants":["seated, with a stick","landmine or dumbbell press","standing, light"]},"ladder":[],"rest_s":120.0,"raised_variant":"seated, with the back supported","source":"LIFTMOR trial (10.1002/jbmr.3284)","origins":[{"field":"sets","source":"LIFTMOR trial: 5 sets of 5 (10.1002/jbmr.3284)"},{"field":"repetitions","source":"LIFTMOR trial: 5 sets of 5 (10.1002/jbmr.3284)"},{"field":"band","source":"LIFTMOR preliminary report, as a clinic''s poster tells it: 80-85 % of the one-repetition maximum (10.1007/s00198-015-3263-2); the abstract of the full trial says above 85 % (10.1002/jbmr.3284)"}]},{"key":"jumping_chin_up","name":"Jumping chin-up with drop landing","kind":"impact","measured_as":"jumping_chin_up","sets":5,"repetitions":5,"band":null,"step_kg":0.0,"warm_ups":[],"learning":null,"ladder":[{"name":"heel drops","measured_as":"heel_drop","sets":2,"repetitions":5,"height_cm":null},{"name":"heel drops","measured_as":"heel_drop","sets":3,"repetitions":5,"height_cm":null},{"name":"heel drops","measured_as":"heel_drop","sets":5,"repetitions":5,"height_cm":null},{"name":"low drops","measured_as":"drop_landing","sets":3,"repetitions":5,"height_cm":10.0},{"name":"low drops","measured_as":"drop_landing","sets":5,"repetitions":5,"height_cm":10.0},{"name":"low drops","measured_as":"drop_landing","sets":3,"repetitions":5,"height_cm":15.0},{"name":"low drops","measured_as":"drop_landing","sets":5,"repetitions":5,"height_cm":15.0},{"name":"jumping chin-ups with drop landing","measured_as":"jumping_chin_up","sets":3,"repetitions":5,"height_cm":null},{"name":"jumping chin-ups with drop landing","measured_as":"jumping_chin_up","sets":5,"repetitions":5,"height_cm":null}],"rest_s":90.0,"raised_variant":"","source":"LIFTMOR trial (10.1002/jbmr.3284)","origins":[{"field":"sets","source":"secondary texts on the LIFTMOR trial: 5 sets of 5; not read in the paper"},{"field":"repetitions","source":"secondary texts on the LIFTMOR trial: 5 sets of 5; not read in the paper"}]}],"rack":{"bars_kg":[2.5,5.0,10.0,15.0,20.0],"plates":[{"kg":20.0,"pairs":2},{"kg":15.0,"pairs":1},{"kg":10.0,"pairs":2},{"kg":5.0,"pairs":2},{"kg":2.5,"pairs":2},{"kg":1.25,"pairs":1},{"kg":0.5,"pairs":2}]},"source":"LIFTMOR trial (10.1002/jbmr.3284)","origins":[{"field":"sessions_a_week","source":"LIFTMOR trial: twice a week (10.1002/jbmr.3284)"},{"field":"weeks","source":"LIFTMOR trial: 8 months (10.1002/jbmr.3284); 70 sessions at two a week"},{"field":"sessions","source":"LIFTMOR trial: its abstract counts 2 missed sessions against 70 (10.1002/jbmr.3284)"},{"field":"supervised","source":"LIFTMOR trial: supervised (10.1002/jbmr.3284)"},{"field":"warn_group","source":"trial registration: groups of up to 6 (ACTRN12616000475448)"}],"limits":{"flags":[],"landing_low_bw":null,"landing_high_bw":null,"loss_amber_pct":20.0,"loss_stop_pct":30.0}}');
CREATE TABLE proposals (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person_id INTEGER NOT NULL, 
	exercise VARCHAR(80) NOT NULL, 
	day DATE NOT NULL, 
	action VARCHAR(80) NOT NULL, 
	rules_version VARCHAR(80) NOT NULL, 
	written_at DATETIME NOT NULL, 
	document JSON NOT NULL, 
	CONSTRAINT fk_proposals_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
INSERT INTO "proposals" VALUES(1,1,'deadlift','2026-03-02','step_up','1','2026-03-02 10:00:00.000000','{"exercise":"deadlift","day":"2026-03-02","action":"step_up","phase":"training","load_kg":55.0,"load_before_kg":52.5,"rung":null,"rung_before":null,"maximum_kg":67.0,"intensity_pct":82.1,"sets":5,"repetitions":5,"rule":{"key":"all_done","text":"All repetitions were done.","source":"design default"},"facts":[{"name":"red flags","value":"0","limit":"0","day":"2026-03-02","supports":"step_up","confidence":"high"}],"would_change":["One red flag: hold."],"confidence":"high","confidence_reasons":[],"headline":"Deadlift: 52.5 kg → 55 kg","rules_version":"1","phase_before":null,"maximum_before_kg":null,"band":null}');
CREATE TABLE ratings (
	set_id INTEGER NOT NULL, 
	rpe INTEGER, 
	pain INTEGER, 
	pain_where TEXT NOT NULL, 
	sudden_back_pain BOOLEAN NOT NULL, 
	to_failure BOOLEAN NOT NULL, 
	seen_clean BOOLEAN, 
	CONSTRAINT pk_ratings PRIMARY KEY (set_id), 
	CONSTRAINT ck_ratings_pain CHECK (pain BETWEEN 0 AND 10), 
	CONSTRAINT ck_ratings_rpe CHECK (rpe BETWEEN 6 AND 20), 
	CONSTRAINT fk_ratings_set_id FOREIGN KEY(set_id) REFERENCES sets (id)
);
INSERT INTO "ratings" VALUES(1,14,1,'knee',0,0,NULL);
CREATE TABLE recordings (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	session_id INTEGER NOT NULL, 
	file_name TEXT NOT NULL, 
	exercise VARCHAR(80) NOT NULL, 
	started_at DATETIME NOT NULL, 
	CONSTRAINT fk_recordings_session_id FOREIGN KEY(session_id) REFERENCES training_sessions (id)
);
INSERT INTO "recordings" VALUES(1,1,'deadlift.mcap','deadlift','2026-03-02 09:30:00.000000');
CREATE TABLE repetitions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	set_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	added BOOLEAN NOT NULL, 
	counts BOOLEAN NOT NULL, 
	red BOOLEAN NOT NULL, 
	amber BOOLEAN NOT NULL, 
	start_s DOUBLE, 
	end_s DOUBLE, 
	mean_velocity_mps DOUBLE, 
	mean_propulsive_velocity_mps DOUBLE, 
	peak_velocity_mps DOUBLE, 
	rom_m DOUBLE, 
	confidence VARCHAR(80), measured_number INTEGER, measured_as VARCHAR(80), concentric_start_s DOUBLE, concentric_end_s DOUBLE, eccentric_start_s DOUBLE, eccentric_end_s DOUBLE, concentric_duration_s DOUBLE, eccentric_duration_s DOUBLE, velocity_loss_pct DOUBLE, mean_velocity_sd_mps DOUBLE, reasons JSON, refined BOOLEAN, 
	CONSTRAINT fk_repetitions_set_id FOREIGN KEY(set_id) REFERENCES sets (id), 
	CONSTRAINT uq_repetitions_set_id_number UNIQUE (set_id, number)
);
INSERT INTO "repetitions" VALUES(1,1,1,0,1,1,0,10.0,14.0,0.5,0.52,0.8,0.51,'high',1,'deadlift',10.0,11.5,12.0,14.0,1.5,2.0,0.0,0.012,'[]',1);
INSERT INTO "repetitions" VALUES(2,1,2,0,1,0,0,20.0,24.0,0.52,0.54,8.20000000000000062172e-01,0.51,'high',1,'deadlift',20.0,21.5,22.0,24.0,1.5,2.0,0.0,0.012,'[]',1);
INSERT INTO "repetitions" VALUES(3,1,3,0,1,0,0,30.0,34.0,0.48,0.5,0.78,0.51,'high',1,'deadlift',30.0,31.5,32.0,34.0,1.5,2.0,0.0,0.012,'[]',1);
INSERT INTO "repetitions" VALUES(4,1,4,0,1,0,0,40.0,44.0,0.45,4.70000000000000028865e-01,0.75,0.51,'high',1,'deadlift',40.0,41.5,42.0,44.0,1.5,2.0,0.0,0.012,'[]',1);
INSERT INTO "repetitions" VALUES(5,1,5,0,0,0,0,50.0,54.0,0.44,0.46,0.74,0.51,'high',1,'deadlift',50.0,51.5,52.0,54.0,1.5,2.0,0.0,0.012,'[]',1);
CREATE TABLE sets (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	session_id INTEGER NOT NULL, 
	exercise VARCHAR(80) NOT NULL, 
	kind VARCHAR(80) NOT NULL, 
	number INTEGER NOT NULL, 
	load_kg DOUBLE, 
	target_repetitions INTEGER NOT NULL, 
	ended_at DATETIME NOT NULL, 
	watched BOOLEAN NOT NULL, 
	rung INTEGER, 
	ceiling_bw DOUBLE, 
	counted_by_hand INTEGER, 
	recording TEXT NOT NULL, 
	confidence VARCHAR(80) NOT NULL, 
	reasons JSON NOT NULL, 
	counts BOOLEAN NOT NULL, 
	velocity_loss_pct DOUBLE, 
	measured_confidence VARCHAR(80), 
	measured_reasons JSON, 
	measured_number INTEGER, measured_as VARCHAR(80), measured_start_s DOUBLE, measured_end_s DOUBLE, unwatched TEXT, 
	CONSTRAINT fk_sets_session_id FOREIGN KEY(session_id) REFERENCES training_sessions (id)
);
INSERT INTO "sets" VALUES(1,1,'deadlift','working',1,50.0,5,'2026-03-02 09:30:00.000000',1,NULL,4.0,NULL,'deadlift.mcap','high','[]',1,1.53846153846153850248e+01,'high','[]',1,'deadlift',10.0,54.0,NULL);
CREATE TABLE settings (
	name VARCHAR(80) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_settings PRIMARY KEY (name)
);
CREATE TABLE training_sessions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person_id INTEGER NOT NULL, 
	session_key VARCHAR(20) NOT NULL, 
	day DATE NOT NULL, 
	attended BOOLEAN NOT NULL, 
	started_at DATETIME, 
	ended_at DATETIME, 
	body_mass_kg DOUBLE, 
	reason_missed TEXT NOT NULL, 
	note TEXT NOT NULL, revision INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT fk_training_sessions_person_id FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_training_sessions_person_id_session_key UNIQUE (person_id, session_key)
);
INSERT INTO "training_sessions" VALUES(1,1,'2026-03-02','2026-03-02',1,'2026-03-02 09:30:00.000000','2026-03-02 09:30:00.000000',62.5,'','went well',3);
CREATE INDEX ix_assessments_person_id ON assessments (person_id);
CREATE INDEX ix_audit_person_id ON audit (person_id);
CREATE INDEX ix_clearances_person_id ON clearances (person_id);
CREATE INDEX ix_maxima_person_id ON maxima (person_id);
CREATE INDEX ix_outcomes_person_id ON outcomes (person_id);
CREATE INDEX ix_plans_person_id ON plans (person_id);
CREATE INDEX ix_proposals_person_id ON proposals (person_id);
CREATE INDEX ix_training_sessions_person_id ON training_sessions (person_id);
CREATE INDEX ix_adverse_events_person_id ON adverse_events (person_id);
CREATE INDEX ix_adverse_events_session_id ON adverse_events (session_id);
CREATE INDEX ix_decisions_person_id ON decisions (person_id);
CREATE INDEX ix_overrides_clearance_id ON overrides (clearance_id);
CREATE INDEX ix_recordings_session_id ON recordings (session_id);
CREATE INDEX ix_sets_session_id ON sets (session_id);
CREATE INDEX ix_flags_set_id ON flags (set_id);
CREATE INDEX ix_landings_set_id ON landings (set_id);
CREATE INDEX ix_edits_set_id ON edits (set_id);
CREATE TRIGGER keep_audit_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit: what is kept is never altered'); END;
CREATE TRIGGER keep_audit_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit: what is kept is never altered'); END;
CREATE TRIGGER keep_audit_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'audit: what is kept is never altered'); END;
CREATE TRIGGER keep_assessments_update BEFORE UPDATE ON assessments BEGIN SELECT RAISE(ABORT, 'assessments: what is kept is never altered'); END;
CREATE TRIGGER keep_assessments_delete BEFORE DELETE ON assessments BEGIN SELECT RAISE(ABORT, 'assessments: what is kept is never altered'); END;
CREATE TRIGGER keep_assessments_replace BEFORE INSERT ON assessments WHEN EXISTS (SELECT 1 FROM assessments WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'assessments: what is kept is never altered'); END;
CREATE TRIGGER keep_clearances_update BEFORE UPDATE ON clearances BEGIN SELECT RAISE(ABORT, 'clearances: what is kept is never altered'); END;
CREATE TRIGGER keep_clearances_delete BEFORE DELETE ON clearances BEGIN SELECT RAISE(ABORT, 'clearances: what is kept is never altered'); END;
CREATE TRIGGER keep_clearances_replace BEFORE INSERT ON clearances WHEN EXISTS (SELECT 1 FROM clearances WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'clearances: what is kept is never altered'); END;
CREATE TRIGGER keep_overrides_update BEFORE UPDATE ON overrides BEGIN SELECT RAISE(ABORT, 'overrides: what is kept is never altered'); END;
CREATE TRIGGER keep_overrides_delete BEFORE DELETE ON overrides BEGIN SELECT RAISE(ABORT, 'overrides: what is kept is never altered'); END;
CREATE TRIGGER keep_overrides_replace BEFORE INSERT ON overrides WHEN EXISTS (SELECT 1 FROM overrides WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'overrides: what is kept is never altered'); END;
CREATE TRIGGER keep_plans_update BEFORE UPDATE ON plans BEGIN SELECT RAISE(ABORT, 'plans: what is kept is never altered'); END;
CREATE TRIGGER keep_plans_delete BEFORE DELETE ON plans BEGIN SELECT RAISE(ABORT, 'plans: what is kept is never altered'); END;
CREATE TRIGGER keep_plans_replace BEFORE INSERT ON plans WHEN EXISTS (SELECT 1 FROM plans WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'plans: what is kept is never altered'); END;
CREATE TRIGGER keep_proposals_update BEFORE UPDATE ON proposals BEGIN SELECT RAISE(ABORT, 'proposals: what is kept is never altered'); END;
CREATE TRIGGER keep_proposals_delete BEFORE DELETE ON proposals BEGIN SELECT RAISE(ABORT, 'proposals: what is kept is never altered'); END;
CREATE TRIGGER keep_proposals_replace BEFORE INSERT ON proposals WHEN EXISTS (SELECT 1 FROM proposals WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'proposals: what is kept is never altered'); END;
CREATE TRIGGER keep_decisions_update BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions: what is kept is never altered'); END;
CREATE TRIGGER keep_decisions_delete BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions: what is kept is never altered'); END;
CREATE TRIGGER keep_decisions_replace BEFORE INSERT ON decisions WHEN EXISTS (SELECT 1 FROM decisions WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'decisions: what is kept is never altered'); END;
CREATE TRIGGER keep_maxima_update BEFORE UPDATE ON maxima BEGIN SELECT RAISE(ABORT, 'maxima: what is kept is never altered'); END;
CREATE TRIGGER keep_maxima_delete BEFORE DELETE ON maxima BEGIN SELECT RAISE(ABORT, 'maxima: what is kept is never altered'); END;
CREATE TRIGGER keep_maxima_replace BEFORE INSERT ON maxima WHEN EXISTS (SELECT 1 FROM maxima WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'maxima: what is kept is never altered'); END;
CREATE TRIGGER keep_flags_delete BEFORE DELETE ON flags BEGIN SELECT RAISE(ABORT, 'flags: what is kept is never altered'); END;
CREATE TRIGGER keep_flags_replace BEFORE INSERT ON flags WHEN EXISTS (SELECT 1 FROM flags WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'flags: what is kept is never altered'); END;
CREATE TRIGGER keep_landings_delete BEFORE DELETE ON landings BEGIN SELECT RAISE(ABORT, 'landings: what is kept is never altered'); END;
CREATE TRIGGER keep_landings_replace BEFORE INSERT ON landings WHEN EXISTS (SELECT 1 FROM landings WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'landings: what is kept is never altered'); END;
CREATE TRIGGER keep_sets_delete BEFORE DELETE ON sets BEGIN SELECT RAISE(ABORT, 'sets: what is kept is never altered'); END;
CREATE TRIGGER keep_sets_replace BEFORE INSERT ON sets WHEN EXISTS (SELECT 1 FROM sets WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'sets: what is kept is never altered'); END;
CREATE TRIGGER keep_repetitions_delete BEFORE DELETE ON repetitions BEGIN SELECT RAISE(ABORT, 'repetitions: what is kept is never altered'); END;
CREATE TRIGGER keep_repetitions_replace BEFORE INSERT ON repetitions WHEN EXISTS (SELECT 1 FROM repetitions WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'repetitions: what is kept is never altered'); END;
CREATE TRIGGER keep_repetitions_update BEFORE UPDATE OF set_id, number, added, red, amber, measured_number, measured_as, start_s, end_s, concentric_start_s, concentric_end_s, eccentric_start_s, eccentric_end_s, mean_velocity_mps, mean_propulsive_velocity_mps, peak_velocity_mps, rom_m, concentric_duration_s, eccentric_duration_s, velocity_loss_pct, mean_velocity_sd_mps, confidence, reasons, refined ON repetitions BEGIN SELECT RAISE(ABORT, 'repetitions: what is kept is never altered'); END;
CREATE TRIGGER keep_flags_update BEFORE UPDATE ON flags BEGIN SELECT RAISE(ABORT, 'flags: what is kept is never altered'); END;
CREATE TRIGGER keep_landings_update BEFORE UPDATE ON landings BEGIN SELECT RAISE(ABORT, 'landings: what is kept is never altered'); END;
CREATE TRIGGER keep_sets_update BEFORE UPDATE OF session_id, exercise, kind, number, target_repetitions, ended_at, watched, unwatched, rung, ceiling_bw, counted_by_hand, recording, confidence, reasons, measured_number, measured_as, measured_start_s, measured_end_s, velocity_loss_pct, measured_confidence, measured_reasons ON sets BEGIN SELECT RAISE(ABORT, 'sets: what is kept is never altered'); END;
CREATE INDEX ix_day_changes_session_id ON day_changes (session_id);
CREATE TRIGGER keep_day_changes_update BEFORE UPDATE ON day_changes BEGIN SELECT RAISE(ABORT, 'day_changes: what is kept is never altered'); END;
CREATE TRIGGER keep_day_changes_delete BEFORE DELETE ON day_changes BEGIN SELECT RAISE(ABORT, 'day_changes: what is kept is never altered'); END;
CREATE TRIGGER keep_day_changes_replace BEFORE INSERT ON day_changes WHEN EXISTS (SELECT 1 FROM day_changes WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'day_changes: what is kept is never altered'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('people',1);
INSERT INTO "sqlite_sequence" VALUES('audit',17);
INSERT INTO "sqlite_sequence" VALUES('assessments',1);
INSERT INTO "sqlite_sequence" VALUES('clearances',1);
INSERT INTO "sqlite_sequence" VALUES('overrides',1);
INSERT INTO "sqlite_sequence" VALUES('plans',1);
INSERT INTO "sqlite_sequence" VALUES('maxima',1);
INSERT INTO "sqlite_sequence" VALUES('training_sessions',1);
INSERT INTO "sqlite_sequence" VALUES('sets',1);
INSERT INTO "sqlite_sequence" VALUES('repetitions',5);
INSERT INTO "sqlite_sequence" VALUES('flags',1);
INSERT INTO "sqlite_sequence" VALUES('landings',1);
INSERT INTO "sqlite_sequence" VALUES('edits',1);
INSERT INTO "sqlite_sequence" VALUES('recordings',1);
INSERT INTO "sqlite_sequence" VALUES('adverse_events',1);
INSERT INTO "sqlite_sequence" VALUES('day_changes',1);
INSERT INTO "sqlite_sequence" VALUES('proposals',1);
INSERT INTO "sqlite_sequence" VALUES('decisions',1);
INSERT INTO "sqlite_sequence" VALUES('outcomes',1);
COMMIT;
