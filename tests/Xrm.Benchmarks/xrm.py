"""XRM on its embedded store, one process. BASE and WORK are given by bench.py. README.md beside this tells how to build and to run it.

XRM_BENCH_ROLE=clerk asks under rules on rows and fields instead of as an administrator.
"""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
XRM = ROOT + '/.artifacts/bin/Xrm.Host/release/xrm'
HOME = WORK + '/xrm'
ROLE = os.environ.get('XRM_BENCH_ROLE', 'administrator')
URL = 'http://127.0.0.1:5082/graphql'
CWD = WORK
ENV = {'XRM_DATA': HOME, 'XRM_URLS': 'http://127.0.0.1:5082', 'XRM_PLUGINS': ','}
START = [XRM, 'serve']
TOKEN = f'{HOME}.{ROLE}.token'
HEADERS = {'Authorization': 'Bearer ' + open(TOKEN).read().strip()} if os.path.exists(TOKEN) else {}


def step(text):
    said = ' '.join(f"{k}='{v}'" for k, v in ENV.items())
    return ['bash', '-euc', f"export {said} XRM='{XRM}' CITY='{HERE}/City' FILES='{WORK}/data'\n{text}"]


def files(**records):
    """Files that lead to nothing in one another come in side by side, a command each."""
    commands = [f'"$XRM" import csv "$FILES/{name}.csv" --type {record} --map "$CITY/maps/{name}.json" >/dev/null' for name, record in records.items()]
    begun = '; '.join(f'{command} & p{i}=$!' for i, command in enumerate(commands))
    return ('import ' + ', '.join(records), step(begun + ''.join(f'; wait $p{i}' for i in range(len(commands)))))


# Five files into one host that serves meanwhile, as an authority would load them; each file is one commit, durable when its command ends.
LOAD = [
    ('host, plugin, tokens', step(f'''rm -rf "$XRM_DATA"
        "$XRM" serve >'{HOME}'.log 2>&1 </dev/null & echo $! >'{HOME}'.pid
        until [ -e "$XRM_DATA/host.json" ]; do sleep .01; done
        "$XRM" plugin install '{ROOT}/.artifacts/package/release/City.1.0.0.nupkg' --trust-once >/dev/null
        for role in administrator clerk; do "$XRM" token create --name bench-$role --role $role >'{HOME}'.$role.token; done''')),
    files(persons='Person', associations='Association'),
    files(complaints='Complaint', memberships='Membership', mandates='Mandate'),
    # One that has ended may stay listed until somebody asks how; that is not its time.
    ('stop the host', step(f'''kill "$(cat '{HOME}'.pid)"; while grep -q '^State:[[:space:]]*[^Z[:space:]]' "/proc/$(cat '{HOME}'.pid)/status" 2>/dev/null; do sleep .01; done''')),
]


def lower(text):
    return text.lower()


def q1(d):
    p = dict(d['person'])
    p['phone'] = '0' + p['phone'][-9:]  # kept as E.164
    return p


def m1(a):
    c = {k: v for k, v in a.items() if k not in ('createdAt', 'lat', 'lon')}
    c.update(category=a['category'].upper(), status=a['status'].upper(), reportedAt=a['createdAt'], lat=str(a['lat']), lon=str(a['lon']))
    return {'c': c}


OPS = {
    'Q1': ('query($id: ID!) { person(id: $id) { id firstName lastName email phone birthDate street city } }', lambda a: a, q1),
    'Q2': ('''query($city: String!, $prefix: String!) { persons(where: { city: { eq: $city }, lastName: { startsWith: $prefix } },
              order: [{ lastName: ASC }, { firstName: ASC }], first: 50) { totalCount nodes { id firstName lastName email postcode } } }''', lambda a: a,
           lambda d: (d['persons']['totalCount'], [(p['lastName'], p['firstName']) for p in d['persons']['nodes']])),
    'Q3': ('''{ complaints(where: { status: { eq: OPEN } }, order: [{ reportedAt: DESC }], first: 20)
              { nodes { id subject reportedAt reporter { firstName lastName email } } } }''', lambda a: a,
           lambda d: [(c['subject'], *(c['reporter'][k] for k in ('firstName', 'lastName', 'email'))) for c in d['complaints']['nodes']]),
    'Q4': ('''query($id: ID!) { association(id: $id) { name memberships(first: 50) { edges { role since
              node { firstName lastName complaints(first: 5) { nodes { subject status } } } } } } }''', lambda a: a,
           lambda d: (d['association']['name'], sorted(
               (lower(m['role']), m['since'], m['node']['firstName'], m['node']['lastName'],
                sorted((c['subject'], lower(c['status'])) for c in m['node']['complaints']['nodes']))
               for m in d['association']['memberships']['edges']))),
    'Q5': ('{ complaints(first: 0) { groups(by: [STATUS, CATEGORY]) { status category count } } }', lambda a: a,
           lambda d: {(lower(g['status']), lower(g['category'])): g['count'] for g in d['complaints']['groups']}),
    'M1': ('mutation($c: CreateComplaintInput!) { createComplaint(input: $c) { complaint { id subject } } }', m1,
           lambda d: d['createComplaint']['complaint']['subject']),
}
