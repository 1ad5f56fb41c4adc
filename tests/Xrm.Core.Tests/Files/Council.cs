using System.Collections.Immutable;
using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Files;

/// <summary>Meetings with minutes, some of which are not for everybody, and who was invited with which letter.</summary>
internal static class Council
{
    public static readonly EntityType Meeting = EntityType.Named("Meeting", L);
    public static readonly Field<string> Title = Meeting.Text("title", L).Required();
    public static readonly Field<bool> IsPublic = Meeting.Boolean("isPublic", L);
    public static readonly Field<FileReference> Minutes = Meeting.File("minutes", L);
    public static readonly Field<ImmutableArray<FileReference>> Annexes = Meeting.File("annexes", L).Many();
    public static readonly Field<FileReference> Draft = Meeting.File("draft", L).Sensitive(Sensitivity.Special);
    public static readonly Field<FileReference> Seal = Meeting.File("seal", L).Hidden();
    public static readonly EntityType Guest = EntityType.Named("Guest", L);
    public static readonly Field<string> Name = Guest.Text("name", L).Required();
    public static readonly RelationshipType Invites = RelationshipType.Named("Invites", L, L).From(Meeting, "guests", L).To(Guest, "meetings", L);
    public static readonly Field<FileReference> Letter = Invites.File("letter", L);

    public static readonly Actor Ana = Actor.Of("user:ana", "clerk"), Bob = Actor.Of("user:bob", "clerk"), Eve = Actor.Of("user:eve", "visitor");

    public static ModelDescription Model { get; } = new ModelBuilder("council").Add(Meeting, Guest).Add(Invites)
        .Role("clerk", L, g => g.All(Sensitivity.Personal, Meeting, Guest).All(Invites))
        .Role("visitor", L, g => g
            .Add(new Grant("Meeting", Rights.Read | Rights.Update | Rights.Create, Sensitivity.Internal) { Where = IsPublic.Is(true) })
            .Read(Sensitivity.Internal, Guest).Read(Invites))
        .Build();
}
