//! Lending the resources of a package, and of those inside it, to a function.

use krm::{Item, ResourceList};
use thiserror::Error;

use super::PackageTree;

/// Which resources are lent, so that they can come back to their places.
#[derive(Debug)]
pub(crate) struct Lease {
    package: usize,
    places: Vec<Place>,
}

/// A resource's place: its package, and its position there.
#[derive(Debug, Clone, Copy)]
struct Place {
    package: usize,
    position: usize,
}

/// A new resource without a place inside the package whose pipeline made it; a fault of the function.
#[derive(Debug, Error)]
#[error("the new {kind} {name} is to be filed at {path}, which is not inside the package {package}")]
pub(crate) struct Stray {
    kind: String,
    name: String,
    path: String,
    package: String,
}

impl PackageTree {
    /// Lends the resources of `package` and the packages inside it that are wanted. Nothing is copied.
    pub(crate) fn lend(&mut self, package: usize, wanted: impl Fn(&Item) -> bool) -> (Lease, Vec<Item>) {
        let (mut places, mut items) = (Vec::new(), Vec::new());
        let end = self.packages.get(package).map_or(package, |package| package.end);
        for (number, package) in self.packages.iter_mut().enumerate().take(end).skip(package) {
            for (position, slot) in package.items.iter_mut().enumerate() {
                if let Some(item) = slot.take_if(|item| !item.is_removed() && wanted(item)) {
                    places.push(Place { package: number, position });
                    items.push(item);
                }
            }
        }
        (Lease { package, places }, items)
    }

    /// Copies the resources that [`PackageTree::lend`] would lend.
    pub(crate) fn copy(&self, package: usize, wanted: impl Fn(&Item) -> bool) -> Vec<Item> {
        let end = self.packages.get(package).map_or(package, |package| package.end);
        let packages = self.packages.get(package..end).unwrap_or_default();
        let items = packages.iter().flat_map(|package| package.items.iter().flatten());
        items.filter(|item| !item.is_removed() && wanted(item)).cloned().collect()
    }

    /// Keeps the new resources of a list from being filed over what is in the package but not in the list.
    pub(crate) fn reserve(&self, lease: &Lease, list: &mut ResourceList) {
        let end = self.packages.get(lease.package).map_or(lease.package, |package| package.end);
        for package in self.packages.get(lease.package..end).unwrap_or_default() {
            for path in &package.reserved {
                list.reserve(Some(&package.dir), path);
            }
            let left_out = package.items.iter().flatten().filter(|item| !item.is_removed());
            for path in left_out.filter_map(|item| item.origin().path.as_deref()) {
                list.reserve(Some(&package.dir), path);
            }
        }
    }

    /// Takes the resources back, new ones behind those that were lent.
    pub(crate) fn take_back(&mut self, lease: Lease, items: Vec<Item>) -> Result<(), Stray> {
        let mut items = items.into_iter();
        for (place, item) in lease.places.iter().zip(items.by_ref()) {
            let package = self.packages.get_mut(place.package);
            if let Some(slot) = package.and_then(|package| package.items.get_mut(place.position)) {
                *slot = Some(item);
            }
        }
        for item in items.filter(|item| !item.is_removed()) {
            match self.home(lease.package, &item).and_then(|home| self.packages.get_mut(home)) {
                Some(package) => package.items.push(Some(item)),
                None => return Err(self.stray(lease.package, &item)),
            }
        }
        Ok(())
    }

    /// The package of a new item, which must be `outer` or one inside it.
    fn home(&self, outer: usize, item: &Item) -> Option<usize> {
        let path = item.origin().path.as_deref()?;
        let inside = |component: &str| !matches!(component, "" | "." | "..");
        let home = *self.by_dir.get(item.origin().package.as_deref()?)?;
        let end = self.packages.get(outer)?.end;
        (path.split('/').all(inside) && !path.contains('\\') && (outer..end).contains(&home)).then_some(home)
    }

    fn stray(&self, package: usize, item: &Item) -> Stray {
        let package = self.packages.get(package).map_or("", |package| &package.dir);
        Stray {
            kind: item.kind().to_owned(),
            name: item.name().to_owned(),
            path: item.origin().full_path().unwrap_or_else(|| "no path".to_owned()),
            package: if package.is_empty() { ".".to_owned() } else { package.to_owned() },
        }
    }
}
