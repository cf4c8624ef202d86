"""A plans.yaml whose every clock can be reckoned by hand."""

TEXT = """\
calendar:
  time_zone: UTC
  hours: {monday: "09:00-17:00", tuesday: "09:00-17:00", wednesday: "09:00-17:00"}
contacts:
- {role: operations, title: {en: Operations}, people: [olga, otto], answer_minutes: 10, then: risk}
- {role: risk, title: {en: Risk}, people: [rita], answer_minutes: 20}
plans:
- name: bureau_down
  title: {en: The bureau is down}
  risk: operational
  triggers:
  - {indicator: bureau_answers, at: red, starts: true}
  steps:
  - {name: confirm, does: {en: Call the bureau}, role: operations, within_minutes: 30}
  - name: to_people
    does: {en: Let people decide}
    role: risk
    within_minutes: 15
    after: [confirm]
    switch: all_to_people
  - name: report
    does: {en: Write it down}
    role: risk
    within_minutes: 120
    clock: open
    after: [to_people]
    hook: tell_regulator
  switches:
  - {name: all_to_people, does: {en: Let people decide}, kind: people, strategy: corner}
  regulator: {whom: The supervisor, within_hours: 24, source: our licence}
  resources:
  - {name: desk, kind: people, needed: 4, unit: people, role: operations, check_every_days: 30}
  drill:
    every_days: 90
    scenario: [{indicator: bureau_answers, value: 0.2}]
"""
