using Parties;
using Xrm.Sdk;
using Xrm.Testing;

namespace Xrm.Parties.Tests;

/// <summary>What is checked and tidied when parties are saved, on the real engine.</summary>
public class SavingTests
{
    [Theory]
    [InlineData(ContactChannel.Email, "Zoe.Lefevre@Exemple.FR", "Zoe.Lefevre@exemple.fr")]
    [InlineData(ContactChannel.Mobile, "06 12 34 56 78", "+33612345678")]
    [InlineData(ContactChannel.Landline, "02 62 12 34 56", "+262262123456")]
    [InlineData(ContactChannel.Postal, "1 rue Haute, 08000 Nulle-Part", "1 rue Haute, 08000 Nulle-Part")]
    public async Task A_contact_point_is_kept_in_the_form_of_its_channel(ContactChannel channel, string given, string kept)
    {
        await using var xrm = await TestXrm.With<PartiesPlugin>();

        var contact = await xrm.Create(ContactPoint.Type, (ContactPoint.Channel, channel), (ContactPoint.Value, given), (ContactPoint.Use, ContactUse.Professional));

        contact.Get(ContactPoint.Value).ShouldBe(kept);
        contact.Get(ContactPoint.Status).ShouldBe(ContactStatus.Active);
    }

    [Fact]
    public async Task A_phone_number_that_is_none_is_refused_with_its_rule()
    {
        await using var xrm = await TestXrm.With<PartiesPlugin>();

        var problem = await Should.ThrowAsync<Problem>(() => xrm.Create(ContactPoint.Type, (ContactPoint.Channel, ContactChannel.Mobile), (ContactPoint.Value, "06 12"), (ContactPoint.Use, ContactUse.Personal)));

        problem.Faults.ShouldContain(f => f.Field == "value" && f.Rule == "X-R15");
    }

    [Fact]
    public async Task A_personal_contact_point_is_never_public()
    {
        await using var xrm = await TestXrm.With<PartiesPlugin>();
        var contact = await xrm.Create(ContactPoint.Type, (ContactPoint.Channel, ContactChannel.Email), (ContactPoint.Value, "a@example.org"), (ContactPoint.Use, ContactUse.Personal));

        var problem = await Should.ThrowAsync<Problem>(() => xrm.Commit(Commit.New().Change(contact, ContactPoint.Visibility, ContactVisibility.Public)));

        problem.Faults.ShouldContain(f => f.Field == "visibility");
    }

    [Fact]
    public async Task An_organisation_is_not_dissolved_before_it_is_founded()
    {
        await using var xrm = await TestXrm.With<PartiesPlugin>();
        var club = await xrm.Create(Organisation.Type, (Organisation.PreferredLabel, "Club"), (Organisation.Classification, "association"), (Organisation.FoundedOn, new DateOnly(2001, 5, 1)));

        (await Should.ThrowAsync<Problem>(() => xrm.Commit(Commit.New().Change(club, Organisation.DissolvedOn, new DateOnly(2001, 5, 1))))).Faults.ShouldContain(f => f.Field == "dissolvedOn");
        await xrm.Commit(Commit.New().Change(club, Organisation.DissolvedOn, new DateOnly(2001, 5, 2)));
    }

    [Fact]
    public async Task A_siren_is_kept_without_spaces_and_belongs_to_one_organisation()
    {
        await using var xrm = await TestXrm.With<PartiesPlugin>();
        var first = await xrm.Create(Organisation.Type, (Organisation.PreferredLabel, "Un"), (Organisation.Classification, "company"), (Organisation.Siren, "732 829 320"));

        first.Get(Organisation.Siren).ShouldBe("732829320");
        (await Should.ThrowAsync<Problem>(() => xrm.Create(Organisation.Type, (Organisation.PreferredLabel, "Deux"), (Organisation.Classification, "company"), (Organisation.Siren, "732829320")))).Code.ShouldBe(ProblemCode.Invalid);
    }

    [Fact]
    public async Task A_person_with_ties_can_be_deleted_and_the_ties_go()
    {
        await using var xrm = await TestXrm.With<PartiesPlugin>();
        var person = await xrm.Create(Person.Type, (Person.FamilyName, "LEFÈVRE"));
        var club = await xrm.Create(Organisation.Type, (Organisation.PreferredLabel, "Club"), (Organisation.Classification, "association"));
        var contact = await xrm.Create(ContactPoint.Type, (ContactPoint.Channel, ContactChannel.Email), (ContactPoint.Value, "a@example.org"), (ContactPoint.Use, ContactUse.Personal));
        await xrm.Commit(Commit.New().Relate(person.Id, ContactPoint.HasContactPoint, contact.Id, xrm.Today).Relate(person.Id, Employment.WorksFor, club.Id, xrm.Today, values: Values.None.With(Employment.Position, "Secrétaire")));

        await xrm.Commit(Commit.New().Delete(person));

        (await xrm.Find(Person.Type, person.Id)).ShouldBeNull();
        (await xrm.Query(Query.For(ContactPoint.Type).Where(ContactPoint.HasContactPoint.Target.Exists))).ShouldBeEmpty();
    }
}
