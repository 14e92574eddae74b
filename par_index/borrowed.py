"""Sentences of the parts that we use, said in our own Vietnamese.

Django and the libraries beside it bring their own words. Where their Vietnamese is
missing, or is not that of an administration, ours stands in this project's catalogue,
which is asked first. This module only names those sentences, so that they are
collected with all others; nobody imports it.
"""

from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext_lazy

FORMS = (
    N_("This field is required."),
    N_("This field cannot be null."),
    N_("This field cannot be blank."),
    N_("Enter a valid value."),
    N_("Enter a whole number."),
    N_("Enter a number."),
    N_("Enter a valid integer."),
    N_("Enter a valid date."),
    N_("Enter a valid time."),
    N_("Enter a valid date/time."),
    N_("Enter a valid email address."),
    N_("Enter a valid URL."),
    N_("Enter a valid JSON."),
    N_("Enter a complete value."),
    N_("Enter a list of values."),
    N_("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
    N_("Ensure this value is less than or equal to %(limit_value)s."),
    N_("Ensure this value is greater than or equal to %(limit_value)s."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "Ensure this filename has at most %(max)d character (it has %(length)d).",
        "Ensure this filename has at most %(max)d characters (it has %(length)d).",
        "max",
    ),
    N_(
        "File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s."
    ),
    N_("Null characters are not allowed."),
    N_("No file was submitted."),
    N_("The submitted file is empty."),
    N_("Select a valid choice. %(value)s is not one of the available choices."),
    N_("Select a valid choice. That choice is not one of the available choices."),
    N_("Value %(value)r is not a valid choice."),
    N_("“%(pk)s” is not a valid value."),
    N_("%(model_name)s with this %(field_label)s already exists."),
    N_("%(model_name)s with this %(field_labels)s already exists."),
    N_("“%(value)s” value must be an integer."),
    N_("“%(value)s” value must be a decimal number."),
    N_(
        "ManagementForm data is missing or has been tampered with. Missing fields: %(field_names)s. You may need to file a bug report if the issue persists."
    ),
    ngettext_lazy(
        "Please submit at most %(num)d form.",
        "Please submit at most %(num)d forms.",
        "num",
    ),
    ngettext_lazy(
        "Please submit at least %(num)d form.",
        "Please submit at least %(num)d forms.",
        "num",
    ),
    N_("%(model)s instance with %(field)s %(value)r is not a valid choice."),
    N_("Constraint “%(name)s” is violated."),
    N_("“%(value)s” value must be either True or False."),
    N_(
        "“%(value)s” value has an invalid date format. It must be in YYYY-MM-DD format."
    ),
    N_(
        "“%(value)s” value has the correct format (YYYY-MM-DD) but it is an invalid date."
    ),
    N_(
        "“%(value)s” value has an invalid format. It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format."
    ),
    N_(
        "“%(value)s” value has the correct format (YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ]) but it is an invalid date/time."
    ),
    N_("Value must be valid JSON."),
    N_("The inline value did not match the parent instance."),
    N_("That page number is not an integer"),
    N_("That page number is less than 1"),
    N_("That page contains no results"),
    N_(
        "%(datetime)s couldn’t be interpreted in time zone %(current_timezone)s; it may be ambiguous or it may not exist."
    ),
    N_(
        "Upload a valid image. The file you uploaded was either not an image or a corrupted image."
    ),
)

TIME_LEFT = (
    ngettext_lazy("%(num)d year", "%(num)d years", "num"),
    ngettext_lazy("%(num)d month", "%(num)d months", "num"),
    ngettext_lazy("%(num)d week", "%(num)d weeks", "num"),
    ngettext_lazy("%(num)d day", "%(num)d days", "num"),
    ngettext_lazy("%(num)d hour", "%(num)d hours", "num"),
    ngettext_lazy("%(num)d minute", "%(num)d minutes", "num"),
)

FILE_SIZE = ngettext_lazy("%(size)d byte", "%(size)d bytes", "size")

SIGNING_IN = (
    N_(
        "Please enter a correct %(username)s and password. Note that both fields may be case-sensitive."
    ),
    N_("This account is inactive."),
    N_("The two password fields didn’t match."),
    N_("Your old password was entered incorrectly. Please enter it again."),
    N_("Old password"),
    N_("New password confirmation"),
    N_("Enter the same password as before, for verification."),
    N_("Email"),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    N_("Your password can’t be too similar to your other personal information."),
    N_("This password is too common."),
    N_("Your password can’t be a commonly used password."),
    N_("This password is entirely numeric."),
    N_("Your password can’t be entirely numeric."),
    N_(
        "Designates whether this user should be treated as active. Unselect this instead of deleting accounts."
    ),
    N_("Designates whether the user can log into this admin site."),
    N_(
        "Designates that this user has all permissions without explicitly assigning them."
    ),
    N_("Set password"),
    N_("Reset password"),
    N_("Set password: %s"),
    N_("Change password: %s"),
    N_("Enabled"),
    N_("Disabled"),
    N_("Password-based authentication"),
    N_("Password-based authentication was disabled."),
    N_("Conflicting form data submitted. Please try again."),
    N_(
        "Whether the user will be able to authenticate using a password or not. If disabled, they may still be able to authenticate using other backends, such as Single Sign-On or LDAP."
    ),
    N_("Raw passwords are not stored, so there is no way to see the user’s password."),
    N_("Enable password-based authentication for this user by setting a password."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    N_(
        "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
    ),
    N_(
        "Enter a valid username. This value may contain only unaccented lowercase a-z and uppercase A-Z letters, numbers, and @/./+/-/_ characters."
    ),
    N_("active"),
    N_("staff status"),
    N_("superuser status"),
    N_("groups"),
    N_("user permissions"),
    N_("permission"),
    N_("Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only."),
    N_(
        "The groups this user belongs to. A user will get all permissions granted to each of their groups."
    ),
    N_("Specific permissions for this user."),
    N_("Password confirmation"),
    N_("permissions"),
    N_("last login"),
)

ADMINISTRATION = (
    N_("Administration"),
    N_("Authentication and Authorization"),
    N_("Site administration"),
    N_("Django administration"),
    N_("Django site admin"),
    N_("Toggle navigation"),
    N_("Filter navigation items"),
    N_(" By %(filter_title)s "),
    N_("Change %s"),
    N_("Select %s to view"),
    N_("0 of %(cnt)s selected"),
    ngettext_lazy(
        "%(total_count)s selected", "All %(total_count)s selected", "total_count"
    ),
    N_("Select all %(total_count)s %(module_name)s"),
    N_("View on site"),
    N_("Any date"),
    N_("Breadcrumbs"),
    N_("Model name"),
    N_("Add link"),
    N_("Change or view list link"),
    N_("Select this object for an action - {}"),
    N_("Select all objects on this page for an action"),
    N_("Error:"),
    N_(
        "This action will <strong>enable</strong> password-based authentication for this user."
    ),
    N_("Disable password-based authentication"),
    N_("Enable password-based authentication"),
    N_("Skip to main content"),
    N_("Hide counts"),
    N_("Show counts"),
    N_("Toggle theme (current theme: auto)"),
    N_("Toggle theme (current theme: light)"),
    N_("Toggle theme (current theme: dark)"),
    N_("Added:"),
    N_("Changed:"),
    N_("Deleted:"),
    N_("Forgotten your login credentials?"),
    N_("Sidebar"),
    ngettext_lazy("entry", "entries"),
    N_("View selected %(model)s"),
    N_("In case you’ve forgotten, you are:"),
    N_("Welcome,"),
    N_("View site"),
    N_("Home"),
    N_("History"),
    N_("Add"),
    N_("Add %(name)s"),
    N_("Change"),
    N_("Yes, I’m sure"),
    N_("No, take me back"),
    N_("Delete?"),
    N_("You may edit it again below."),
    N_("The {name} “{obj}” was added successfully."),
    N_("The {name} “{obj}” was changed successfully."),
    N_("The {name} “{obj}” was added successfully. You may add another {name} below."),
    N_("The {name} “{obj}” was changed successfully. You may edit it again below."),
    N_(
        "The {name} “{obj}” was changed successfully. You may add another {name} below."
    ),
    N_("The %(name)s “%(obj)s” was deleted successfully."),
    N_(
        "There’s been an error. It’s been reported to the site administrators via email and should be fixed shortly. Thanks for your patience."
    ),
    N_("You don’t have permission to view or edit anything."),
    N_("After you’ve created a user, you’ll be able to edit more user options."),
    N_(
        "Deleting the %(object_name)s '%(escaped_object)s' would result in deleting related objects, but your account doesn't have permission to delete the following types of objects:"
    ),
    N_(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the following related items will be deleted:'
    ),
    N_(
        "Deleting the selected %(objects_name)s would result in deleting related objects, but your account doesn't have permission to delete the following types of objects:"
    ),
    N_(
        "Are you sure you want to delete the selected %(objects_name)s? All of the following objects and their related items will be deleted:"
    ),
    N_(
        "Something’s wrong with your database installation. Make sure the appropriate database tables have been created, and make sure the database is readable by the appropriate user."
    ),
    N_(
        "You are authenticated as %(username)s, but are not authorized to access this page. Would you like to login to a different account?"
    ),
    N_(
        "Please enter the correct %(username)s and password for a staff account. Note that both fields may be case-sensitive."
    ),
    N_("Thanks for spending some quality time with the web site today."),
    N_("Your password was changed."),
    N_(
        "Please enter your old password, for security’s sake, and then enter your new password twice so we can verify you typed it in correctly."
    ),
    N_("Your password has been set.  You may go ahead and log in now."),
    N_(
        "Please enter your new password twice so we can verify you typed it in correctly."
    ),
    N_(
        "We’ve emailed you instructions for setting your password, if an account exists with the email you entered. You should receive them shortly."
    ),
    N_(
        "If you don’t receive an email, please make sure you’ve entered the address you registered with, and check your spam folder."
    ),
    N_(
        "You're receiving this email because you requested a password reset for your user account at %(site_name)s."
    ),
    N_("Thanks for using our site!"),
    N_(
        "Forgotten your password? Enter your email address below, and we’ll email instructions for setting a new one."
    ),
    N_("Log in"),
    N_("Log out"),
    N_("Date/time"),
    N_("Action"),
    N_("Action:"),
    N_("Go"),
    N_("Recent actions"),
    N_("My actions"),
    N_("None available"),
    N_("log entry"),
    N_("log entries"),
    N_(
        "This object doesn’t have a change history. It probably wasn’t added via this admin site."
    ),
    N_("Select %s to change"),
)

TABLES = (
    N_("Import"),
    N_("Export"),
    N_("Export selected %(verbose_name_plural)s"),
    ngettext_lazy(
        "Export %(len)s selected item.", "Export %(len)s selected items.", "len"
    ),
    N_("%s through import_export"),
    N_("Import finished: {} new, {} updated, {} deleted and {} skipped {}."),
    N_(
        "%(exc_name)s encountered while trying to read file. Ensure you have chosen the correct format for the file."
    ),
    N_(
        "No valid data to import. Ensure your file has the correct headers or data for import."
    ),
    N_("Resource"),
    N_("Format"),
    N_("File to import"),
    N_('Select at least 1 field for "%(resource_name)s" to export'),
    N_(
        "The following fields are declared in 'import_id_fields' but are not present in the file headers: %s"
    ),
    N_("This exporter will export the following fields: "),
    N_("This importer will import the following fields: "),
    N_("Select all"),
    N_("Submit"),
    N_(
        "Below is a preview of data to be imported. If you are satisfied with the results, click 'Confirm import'"
    ),
    N_("Confirm import"),
    N_("Errors"),
    N_("Line number"),
    N_("Some rows failed to validate"),
    N_(
        "Please correct these errors in your data where possible, then reupload it using the form above."
    ),
    N_("Row"),
    N_("Non field specific"),
    N_("Preview"),
    N_("New"),
    N_("Skipped"),
    N_("Update"),
    N_("Value could not be parsed."),
)

FAILED_SIGN_INS = (
    N_("Account locked: too many login attempts. Please try again later."),
    N_(
        "Account locked: too many login attempts. Contact an admin to unlock your account."
    ),
    N_("Form Data"),
    N_("Meta Data"),
    N_("User Agent"),
    N_("IP Address"),
    N_("Username"),
    N_("Path"),
    N_("Attempt Time"),
    N_("Access lock out"),
    N_("access failure"),
    N_("access failures"),
    N_("GET Data"),
    N_("POST Data"),
    N_("Failed Logins"),
    N_("access attempt"),
    N_("access attempts"),
    N_("Logout Time"),
    N_("access log"),
    N_("access logs"),
)
