using Elus.Rne;
using Elus.Samples;
using Parties;
using Xrm.Sdk;

namespace Elus;

/// <summary>Elected officials: who sits where, since when, with which functions, delegations and groups.</summary>
public sealed class ElusPlugin : Plugin
{
    public override string Id => "elus";

    public override Label Title => Label.Of("Élus", "Elected officials");

    public override Label Description => Label.Of(
        "Mandats, fonctions, délégations et groupes des élus, et l'import du Répertoire national des élus.",
        "Mandates, functions, delegations and groups of elected officials, and the import of their national register.");

    public override void Describe(ModelBuilder model) => model
        .Add(Constituency.Type, DeliberativeBody.Type, PoliticalGroup.Type, Mandate.Type, ElectiveFunction.Type, Delegation.Type)
        .Add(Mandate.HoldsMandate, Mandate.ElectedIn, Mandate.MandateIn, Mandate.PairedWith, ElectiveFunction.HasFunction)
        .Add(Delegation.HoldsDelegation, Delegation.DelegatedBy, Seat.SitsOn)
        .Add(PoliticalGroup.BelongsToGroup, PoliticalGroup.GroupOfBody, DeliberativeBody.CommissionOf)
        .Add(Codes.MandateType, Codes.FunctionType, Codes.EndReason, Codes.BodyType)
        .Extend(Official.Extension)
        .PersonalData(Mandate.Type, Label.Of("Composition des assemblées élues", "Membership of elected bodies"), Mandate.HoldsMandate.Target)
        .Permissions(ask => ask.Read(Person.Type).Write(Person.Type))   // the register brings persons; all else that it reads and writes is this plugin's own
        .Role("assemblyOffice", Label.Of("Service des assemblées", "Assembly office"), Grants.OfAssemblyOffice)
        .Role("cabinetStaff", Label.Of("Collaborateur de cabinet", "Cabinet staff"), Grants.OfReaders)
        .Role("electedOfficial", Label.Of("Élu", "Elected official"), Grants.OfReaders)
        .Role("executive", Label.Of("Direction générale", "Executive"), Grants.OfReaders)
        .Role("agent", Label.Of("Agent", "Agent"), Grants.OfReaders)
        .Role("integrator", Label.Of("Application tierce", "Integrator"), Grants.OfReaders);

    public override void Attach(Hooks hooks, PluginContext context)
    {
        hooks.Imports.Add(Register.Format(context));
        hooks.Samples.Add(OfficialSamples.Data);
    }
}
