-- readers from: 0016
-- Whose signatures a sent document carries, as they were verified before it left: Organization, OrganizationAndPerson. Null = not known here: it
-- came as a finished packet, was put back after a restore, or was sent before this step.
ALTER TABLE document ADD COLUMN signed_by text;
