using System.Runtime.CompilerServices;
using Xrm.Sdk;

namespace Xrm.Testing.Tests;

public sealed class SamplesHookTests
{
    [Fact]
    public async Task The_Samples_hook_fills_an_empty_store_once_in_the_name_of_its_authors()
    {
        await using var xrm = await TestXrm.With(new KennelPlugin());

        (await xrm.LoadSamples()).ShouldBe(2);
        (await xrm.LoadSamples()).ShouldBe(0);

        var dog = (await xrm.Query(Query.For(KennelPlugin.Dog))).ShouldHaveSingleItem();
        dog.Get(KennelPlugin.Name).ShouldBe("Rex");
        var told = new List<(string, ChangeKind)>();
        await foreach (var change in xrm.Xrm.Changes(default, TestContext.Current.CancellationToken))
            if (change.Type == "Dog" && (change.Field is null or "name"))
                told.Add((change.Actor, change.Kind));
        told.ShouldContain(("user:administrator", ChangeKind.Created));
        told.ShouldContain(("user:clerk", ChangeKind.Updated));
    }

    [Fact]
    public async Task The_Samples_hook_leaves_data_alone_that_were_not_invented()
    {
        await using var xrm = await TestXrm.With(new KennelPlugin());
        await xrm.Create(KennelPlugin.Dog, (KennelPlugin.Name, "Azor"));

        (await xrm.LoadSamples()).ShouldBe(0);

        (await xrm.Query(Query.For(KennelPlugin.Dog))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_Samples_hook_goes_on_where_it_was_cut_off()
    {
        await using var xrm = await TestXrm.With(new KennelPlugin { Fails = true });
        await Should.ThrowAsync<NotSupportedException>(() => xrm.LoadSamples());
        (await xrm.Query(Query.For(KennelPlugin.Dog))).ShouldHaveSingleItem().Get(KennelPlugin.Name).ShouldBe("Rox");
        await xrm.Remove("kennel");
        await xrm.Add(new KennelPlugin());

        (await xrm.LoadSamples()).ShouldBe(1);

        (await xrm.Query(Query.For(KennelPlugin.Dog))).ShouldHaveSingleItem().Get(KennelPlugin.Name).ShouldBe("Rex");
    }

    private sealed class KennelPlugin : Plugin
    {
        public static readonly EntityType Dog = EntityType.Named("Dog", Label.Of("Chien", "Dog"));
        public static readonly Field<string> Name = Dog.Text("name", Label.Of("Nom", "Name"));

        public bool Fails { get; init; }
        public override string Id => "kennel";
        public override Label Title => Label.Of("Chenil", "Kennel");
        public override void Describe(ModelBuilder model) => model.Add(Dog);
        public override void Attach(Hooks hooks, PluginContext context) => hooks.Samples.Add(new(Label.Of("Chiens inventés", "Invented dogs"), Dogs));

        private async IAsyncEnumerable<SampleCommit> Dogs(Sampling sampling, [EnumeratorCancellation] CancellationToken cancellation)
        {
            yield return new("dogs", 30, SampleAuthor.Administrator, [new Edit.Create(Dog.Name, sampling.Id("dog"), Values.None.With(Name, "Rox"))]);
            if (Fails)
                throw new NotSupportedException("no more dogs");
            (await sampling.Xrm.Find(Dog, sampling.Id("dog"), cancellation)).ShouldNotBeNull();
            yield return new("names", 10, SampleAuthor.Clerk, [new Edit.Update(Dog.Name, sampling.Id("dog"), 1, Values.None.With(Name, "Rex"))]);
        }
    }
}
