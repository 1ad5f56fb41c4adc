using System.Runtime.InteropServices;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>The relationships at ends of things as they will be after a commit: those of the store, read in one step for each end, and those of the drafts.</summary>
internal sealed class LinkBook(PlanContext context, DraftBook book)
{
    private readonly Dictionary<(ModelEnd End, Guid Thing), Links> _links = [];
    // Made where something is read: most commits read no relationships.
    private HashSet<(ModelEnd End, Guid Thing)>? _read;
    private Dictionary<ModelEnd, HashSet<Guid>>? _wanted;
    private Dictionary<Guid, Draft>? _others;
    private readonly List<(ModelEnd End, Guid Thing)> _several = [];

    /// <summary>One for each end of a thing that was read.</summary>
    public List<Guard> Guards { get; } = [];

    /// <summary>Takes in the relationships that the commit makes.</summary>
    /// <param name="all">Whether all ends will be asked of; else those alone of which a rule asks whenever something is related.</param>
    public void TakeNew(bool all)
    {
        var left = book.Drafts.Count(d => d is { IsNew: true, Type: ModelRelationship });
        foreach (var draft in book.Drafts)
            if (draft is { IsNew: true, Type: ModelRelationship type })
            {
                // Made as large as it will be: a table of a hundred thousand is not to be copied again and again.
                if (_links.Count == 1)
                    _links.EnsureCapacity(left);
                left--;
                var isPaired = IsPaired(type);
                if (all || isPaired || IsRuled(type.Source))
                    Put(type.Source, draft.Source, draft);
                if (all || isPaired || IsRuled(type.Target))
                    Put(type.Target, draft.Target, draft);
            }
    }

    /// <summary>Whether no two things are related twice at a time, which is not told by one at a time being allowed.</summary>
    public static bool IsPaired(ModelRelationship type) => !type.IsRepeatable && !type.Source.IsToOne && !type.Target.IsToOne;

    private static bool IsRuled(ModelEnd end) => end.IsToOne || end.IsRequired;

    /// <summary>Asks for the relationships at an end of a thing; they are there after <see cref="Read"/>.</summary>
    public void Want(ModelEnd end, Guid thing)
    {
        if (!book.WasThere(thing) || !(_read ??= []).Add((end, thing)))
            return;
        if (!(_wanted ??= []).TryGetValue(end, out var things))
            _wanted.Add(end, things = []);
        things.Add(thing);
    }

    /// <summary>Reads what was asked for.</summary>
    public async ValueTask Read(CancellationToken cancellation)
    {
        if (_wanted is null)
            return;
        foreach (var (end, things) in _wanted)
        {
            var step = new ReadStep.Related(end, [.. things])
            {
                Views = [.. end.Far.Select(TypeView.Of)],
                During = Period.Always,
                DatesNodes = false,
            };
            var rows = await context.Snapshot.Read(step, cancellation);
            var isParked = context.Model.ByOrdinal.GetValueOrDefault(end.Relationship.Ordinal) != end.Relationship;
            for (var i = 0; i < step.From.Length; i++)
                Take(end, step.From[i], rows.Run(i), isParked);
        }
        _wanted.Clear();
    }

    /// <summary>The relationships at an end of a thing that will be there; it must have been asked for, or the thing be new.</summary>
    public IEnumerable<Draft> At(ModelEnd end, Guid thing) =>
        _links.TryGetValue((end, thing), out var links) ? links.Standing : [];

    /// <summary>Whether more than one relationship is at an end of a thing, those that go included.</summary>
    public bool HasSeveral(ModelEnd end, Guid thing) => _links.TryGetValue((end, thing), out var links) && links.Count > 1;

    /// <summary>Where that is so.</summary>
    public IReadOnlyList<(ModelEnd End, Guid Thing)> Several => _several;

    private void Take(ModelEnd end, Guid thing, ReadOnlySpan<Row> rows, bool isParked)
    {
        var sum = 0UL;
        foreach (ref readonly var row in rows)
        {
            sum = Guard.LinksAre.Of(sum, row.Link.Id, row.Link.Version);
            Put(end, thing, DraftOf(row.Link, end.Relationship, isParked));
        }
        Guards.Add(new Guard.LinksAre(end, thing, sum));
    }

    /// <summary>The one draft of a relationship, whichever end it was read at.</summary>
    private Draft DraftOf(Record link, ModelRelationship type, bool isParked)
    {
        if (book.Touched(link.Id) is { } touched)
            return touched;
        if (!(_others ??= []).TryGetValue(link.Id, out var draft))
            _others.Add(link.Id, draft = new Draft(type, link.Id, link, -1) { Source = link.Source, Target = link.Target, IsParked = isParked });
        return draft;
    }

    /// <summary>Makes a relationship that was only read one that the commit changes.</summary>
    public void Touch(Draft link, int edit)
    {
        if (book.Touched(link.Id) is not null)
            return;
        link.Edit = edit;
        book.Begin(link);
    }

    private void Put(ModelEnd end, Guid thing, Draft link)
    {
        ref var links = ref CollectionsMarshal.GetValueRefOrAddDefault(_links, (end, thing), out _);
        links.Add(link);
        if (links.Count == 2)
            _several.Add((end, thing));
    }

    /// <summary>Relationships at one end: nearly always one, so that is no list.</summary>
    private struct Links
    {
        private Draft? _first;
        private List<Draft>? _more;

        public readonly int Count => _first is null ? 0 : 1 + (_more?.Count ?? 0);

        public readonly IEnumerable<Draft> Standing
        {
            get
            {
                IEnumerable<Draft> first = _first is { IsGone: false } ? [_first] : [];
                return _more is null ? first : first.Concat(_more.Where(l => !l.IsGone));
            }
        }

        public void Add(Draft link)
        {
            if (_first is null)
                _first = link;
            else
                (_more ??= []).Add(link);
        }
    }
}
