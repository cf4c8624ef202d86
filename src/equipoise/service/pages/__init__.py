"""What people see in a browser, by audience: a page may show what several contexts know.

`frame` (the look of every page, its guard, where people land), `administrator` (people, erasures),
`analyst` (strategies and their reviews), `integrator` (webhooks, the API's reference). Pages import
faces of contexts and of the platform, which never import pages. No script or style stands in a page
itself: the content policy refuses both.
"""
